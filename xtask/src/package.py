"""Holds a package against the field's own validators. Arguments: the bag. Prints a line for each; exits 1 where one refuses."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

bag = Path(sys.argv[1])
data = bag / "data"
failed = False


def told(name, ok, says=""):
    global failed
    failed = failed or not ok
    print(f"{'holds' if ok else 'REFUSED'}\t{name}\t{says}")


def tried(name, work):
    try:
        told(name, True, work() or "")
    except Exception as error:  # a validator says no in whatever way it likes
        told(name, False, f"{type(error).__name__}: {str(error)[:500]}")


def bagit_python():
    import bagit

    whole = bagit.Bag(str(bag))
    whole.validate()
    one = sorted(whole.payload_files())[0]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bag"
        shutil.copytree(bag, copy)
        bytes_ = bytearray((bag / one).read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        (copy / one).unlink()
        (copy / one).write_bytes(bytes_)
        try:
            bagit.Bag(str(copy)).validate()
        except bagit.BagValidationError:
            return f"{bagit.VERSION}: valid, and no longer valid with one bit of {one} changed"
        raise AssertionError("a changed bit was not found")


def prov():
    import rdflib

    graph = rdflib.Graph().parse(data / "prov/prov.jsonld", format="json-ld")
    ask = lambda query: int(next(iter(graph.query("PREFIX prov: <http://www.w3.org/ns/prov#> " + query)))[0])
    entities = ask("SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a prov:Entity }")
    activities = ask("SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a prov:Activity }")
    loose = ask("SELECT (COUNT(?a) AS ?n) { ?a a prov:Activity FILTER NOT EXISTS { ?a prov:wasAssociatedWith ?g . ?g a prov:Agent } }")
    untimed = ask("SELECT (COUNT(?a) AS ?n) { ?a a prov:Activity FILTER NOT EXISTS { ?a prov:startedAtTime ?t . FILTER(DATATYPE(?t) = <http://www.w3.org/2001/XMLSchema#dateTime>) } }")
    dangling = ask("SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?p), 'http://www.w3.org/ns/prov#') && isIRI(?o)) FILTER NOT EXISTS { ?o a ?c } }")
    unplaced = ask("SELECT (COUNT(?e) AS ?n) { ?e <urn:truecopy:terms:sha256> ?d FILTER NOT EXISTS { ?e prov:wasGeneratedBy|prov:wasDerivedFrom ?x } }")
    assert entities and activities and not loose and not untimed and not dangling, (loose, untimed, dangling)
    return f"rdflib {rdflib.__version__}: {len(graph)} triples, {entities} entities, {activities} activities; {unplaced} files without a way"


def uco():
    tool = Path(sys.executable).with_name("case_validate")
    done = subprocess.run([tool, data / "case-uco/case.jsonld"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-800:] + done.stderr[-800:]
    assert "Conforms: True" in done.stdout, done.stdout[:800]
    return "case_validate: conforms"


def misp():
    import pymisp

    event = pymisp.MISPEvent(strict_validation=True)
    event.load_file(str(data / "misp/event.json"), validate=True)
    assert event.objects and all(object_.attributes for object_ in event.objects)
    names = {}
    for object_ in event.objects:
        # The same object by the template: relations, types and what is required.
        again = pymisp.MISPObject(object_.name, strict=True)
        assert again.template_uuid == object_.template_uuid, object_.name
        for one in object_.attributes:
            again.add_attribute(one.object_relation, type=one.type, value=one.value)
        again.to_json()
        names[object_.name] = names.get(object_.name, 0) + 1
    return f"PyMISP {pymisp.__version__}: {names}"


def ftm():
    from importlib.metadata import version

    from followthemoney import model

    known, count = set(), 0
    lines = (data / "followthemoney/entities.ftm.json").read_text().splitlines()
    read = [json.loads(line) for line in lines]
    for one in read:
        proxy = model.get_proxy(one, cleaned=False)
        proxy.schema.validate(one)
        for name, values in one["properties"].items():
            property_ = proxy.schema.properties[name]
            for value in values:
                assert property_.type.validate(value), (one["schema"], name, value)
        known.add(one["id"])
        count += 1
    for one in read:
        proxy = model.get_proxy(one, cleaned=False)
        for property_, value in proxy.itervalues():
            assert property_.type.name != "entity" or value in known, (one["id"], property_.name, value)
    return f"followthemoney {version('followthemoney')}: {count} entities"


def schema():
    import jsonschema

    jsonschema.validate(json.loads((data / "dossier.json").read_text()), json.loads((data / "dossier.schema.json").read_text()))
    return "dossier.json fits its schema"


tried("bagit-python", bagit_python)
tried("PROV-O", prov)
tried("CASE/UCO", uco)
tried("MISP", misp)
tried("FollowTheMoney", ftm)
tried("dossier.json", schema)
sys.exit(1 if failed else 0)
