"""Holds a package against the field's own validators. Arguments: the bag. Prints a line for each; exits 1 where one refuses.
A validator that is not installed, or whose file the package does not have, is skipped, and said to be."""

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


def tried(name, work, file=""):
    if not (data / file).exists():
        print(f"skipped\t{name}\tthe package has no {file}")
        return
    try:
        told(name, True, work() or "")
    except ModuleNotFoundError as error:
        print(f"skipped\t{name}\t{error}")
    except Exception as error:  # a validator says no in whatever way it likes
        told(name, False, f"{type(error).__name__}: {str(error)[:500]}")


def changed(check):
    """What check says of the package, and of a copy of it with one bit of one file changed."""
    one = sorted(path for path in data.rglob("*") if path.is_file() and path.stat().st_size)[0]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bag"
        shutil.copytree(bag, copy)
        bytes_ = bytearray(one.read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        again = copy / one.relative_to(bag)
        again.unlink()
        again.write_bytes(bytes_)
        assert check(bag), "it is not valid"
        assert not check(copy), f"a changed bit of {one} was not found"
    return f"valid, and no longer valid with one bit of {one.relative_to(bag)} changed"


def bagit_python():
    import bagit

    def valid(folder):
        try:
            return bagit.Bag(str(folder)).validate()
        except bagit.BagValidationError:
            return False

    return f"{bagit.VERSION}: {changed(valid)}"


def sha256sum():
    def valid(folder):
        lists = ["manifest-sha256.txt", "tagmanifest-sha256.txt"]
        check = lambda name: subprocess.run(["sha256sum", "--strict", "--quiet", "-c", name], cwd=folder, capture_output=True)
        return all(check(name).returncode == 0 for name in lists)

    return changed(valid)


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
tried("sha256sum", sha256sum)
tried("PROV-O", prov, "prov/prov.jsonld")
tried("CASE/UCO", uco, "case-uco/case.jsonld")
tried("MISP", misp, "misp/event.json")
tried("FollowTheMoney", ftm, "followthemoney/entities.ftm.json")
tried("dossier.json", schema, "dossier.json")
sys.exit(1 if failed else 0)
