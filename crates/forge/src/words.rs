//! What the sheets say. Every country, office, port and person is invented, and each document has its own small world of
//! them, so that two documents share a way of speaking and little else.

use crate::clock::Day;
use crate::rng::Rng;

/// A person of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The office held, as "Harbour Minister".
    pub title: String,
    /// First and last name.
    pub name: String,
}

/// A sentence in which somebody is reported to have said something to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who spoke.
    pub speaker: String,
    /// To whom.
    pub addressee: String,
    /// What about.
    pub about: String,
    /// When.
    pub day: Day,
    /// The whole sentence as printed.
    pub sentence: String,
}

/// The small world one document is about.
#[derive(Debug, Clone)]
pub struct Affair {
    /// Issuing office.
    pub office: String,
    /// Code word of the exercise all of it belongs to.
    pub exercise: String,
    /// What the document is about.
    pub subject: String,
    /// The persons in it.
    pub persons: Vec<Person>,
    /// The places in it.
    pub places: Vec<String>,
    /// Banner marking at head and foot.
    pub marking: &'static str,
    /// Portion mark at the head of a paragraph; empty if the marking has none.
    pub portion: &'static str,
    /// Serial number.
    pub serial: String,
    /// The date printed.
    pub day: Day,
}

const MARKINGS: [(&str, &str); 7] = [
    ("SECRET//NOFORN", "(S//NF)"),
    ("CONFIDENTIAL//REL TO USA, FVEY", "(C//REL)"),
    ("TOP SECRET//SI//NOFORN", "(TS//SI//NF)"),
    ("SECRET//REL TO USA, GBR", "(S//REL)"),
    ("UNCLASSIFIED//FOR OFFICIAL USE ONLY", "(U//FOUO)"),
    ("OFFICIAL-SENSITIVE", ""),
    ("CONFIDENTIAL", "(C)"),
];
const OFFICES: [&str; 10] = [
    "Bureau of Tidal Affairs",
    "Straits Watch Directorate",
    "Council Secretariat, Eastern Desk",
    "Office of Inland Routes",
    "Joint Lantern Committee",
    "Department of Ice Roads",
    "Customs Intelligence Branch",
    "Harbour Assessment Group",
    "Plans Division, Upper Reach",
    "Registry of Quiet Matters",
];
const TITLES: [&str; 12] = [
    "Harbour Minister",
    "Envoy",
    "Deputy Chancellor",
    "Governor",
    "Colonel",
    "Chief Auditor",
    "Trade Commissioner",
    "First Secretary",
    "Commodore",
    "Director",
    "Speaker",
    "Treasurer",
];
const GIVEN: [&str; 28] = [
    "Ilse", "Oren", "Tamsin", "Bertil", "Noor", "Kaspar", "Wilma", "Dario", "Ysolde", "Emeka", "Petra",
    "Lorcan", "Sunniva", "Rafiq", "Hedda", "Milo", "Anneke", "Tobias", "Zelda", "Ivo", "Marit", "Caspian",
    "Leonie", "Gideon", "Runa", "Felix", "Odile", "Basil",
];
const HEADS: [&str; 24] = [
    "Var", "Kel", "Mor", "Tel", "Bran", "Os", "Hal", "Quil", "Dren", "Sol", "Fen", "Gar", "Lind", "Per",
    "Ros", "Tor", "Ul", "Wes", "Yar", "Zan", "Cald", "Esk", "Jor", "Nim",
];
const TAILS: [&str; 18] = [
    "vik", "mere", "stad", "holm", "ona", "ovar", "dell", "garde", "rath", "entis", "mark", "isk", "brook",
    "ander", "ula", "worth", "essa", "ine",
];
const MATTERS: [&str; 14] = [
    "the ferry treaty",
    "the salt quota",
    "the northern cable",
    "the dredging loan",
    "the grain convoy",
    "the lighthouse lease",
    "the bridge toll",
    "the winter fuel reserve",
    "the pilot strike",
    "the survey vessel",
    "the border market",
    "the dam inspection",
    "the rail gauge dispute",
    "the fishing census",
];
const VERBS: [(&str, &str); 7] = [
    ("assured", ""),
    ("warned", ""),
    ("told", ""),
    ("confided", " to"),
    ("complained", " to"),
    ("promised", ""),
    ("hinted", " to"),
];
const ENDS: [&str; 10] = [
    "would not survive the spring",
    "had been settled in private",
    "was worth less than the paper it stood on",
    "must be put off until the ice is gone",
    "would be signed within nine days",
    "had cost more than anyone admits",
    "was never meant to be kept",
    "could be had for a better price",
    "would go ahead without the assembly",
    "had been lost on the way to the council",
];
const SENTENCES: [&str; 34] = [
    "The convoy of {n} barges left {place} on {date} and had passed {place} by dusk.",
    "{office} counts {n} lorries a night on the road from {place} to {place}, against {n} in the same week last year.",
    "Stocks at {place} stand at {n} tonnes of {goods}, enough for {n} days at the present rate.",
    "No more than {n} of the {n} cranes at {place} were seen working when the survey boat came by.",
    "A second source, close to {person}, puts the figure nearer {n} and doubts the ledger altogether.",
    "The {goods} was unloaded at berth {n} and moved inland under canvas before the morning shift.",
    "{person} left {place} by the early ferry and did not return to the office until {date}.",
    "Repairs to the sluice at {place} will take {n} weeks and about {n},{three} crowns.",
    "Two of the pilots were paid in {goods}; the third asked for a house in {place} and was refused.",
    "Toll income fell by {p} per cent after the bridge at {place} was closed to carts heavier than {n} tonnes.",
    "The guard at {place} was doubled on {date}, and the lamps along the quay have been left dark since.",
    "We judge it likely that the cargo was {goods}, though the manifest names {goods}.",
    "Of {n} households asked in {place}, {n} had heard of the scheme and {n} meant to join it.",
    "The committee met at {place} with {n} members present and rose without a vote.",
    "{person} asked for {n} more surveyors; the request was cut to {n} and then forgotten.",
    "A levy of {n} crowns a crate is now taken at {place}, half of which never reaches the treasury.",
    "The old lighthouse keeper remembers only {n} ships in the sound that night, not {n}.",
    "Ice closed the upper channel {n} days early, and {goods} had to be carried by sledge from {place}.",
    "The printed tables give {n} where the handwritten book has {n}; the difference is not explained.",
    "Wages at the yard were raised by {p} per cent on {date} to keep the riveters from leaving for {place}.",
    "The bridge at {place} carries {n} carts an hour at best, which the plan of {date} overlooks.",
    "Should the strike go on beyond {date}, {office} would have to buy {goods} at the market price.",
    "Water at the gauge in {place} rose {p} hand-widths in one night and was still rising at noon.",
    "A parcel addressed to {person} was opened at {place} and found to hold nothing but {goods}.",
    "The survey of {date} found {n} wells fouled and {n} dry between {place} and the coast.",
    "Both banks have called in their loans; the yard owes {n},{three} crowns and holds {n} in cash.",
    "{person} is said to keep a second ledger at {place}, in green cloth, under another name.",
    "Ferry crews report {n} crossings in the month, {p} per cent fewer than the timetable promises.",
    "The delegation brought {n} crates of {goods} as a gift and took {n} home again unopened.",
    "Only the gate on the east side was locked; the watch book for {date} shows no entry after nine.",
    "{office} would rather wait for the thaw than send {n} men over the pass at {place}.",
    "The price of {goods} at {place} went from {n} to {n} crowns in under a week.",
    "Nobody at {place} could say who had ordered the {n} drums of {goods} found behind the mill.",
    "The harbour master keeps {n} keys and {person} keeps the other; neither door was forced.",
];
const GOODS: [&str; 16] = [
    "salt cod",
    "lamp oil",
    "cement",
    "barley",
    "copper wire",
    "tinned pears",
    "roof slate",
    "rope",
    "glass floats",
    "seed potatoes",
    "lead pipe",
    "wool",
    "machine oil",
    "paper",
    "timber",
    "dried peas",
];

impl Affair {
    /// A new one.
    pub fn new(rng: &mut Rng) -> Self {
        let (marking, portion) = *rng.pick(&MARKINGS);
        let places: Vec<String> = (0..6).map(|_| place(rng)).collect();
        let persons = (0..6).map(|_| person(rng)).collect();
        let subject = match rng.below(4) {
            0 => format!("{} movements at {}", capital(goods(rng)), places[0]),
            1 => format!("State of {} after the {} talks", &rng.pick(&MATTERS)[4..], places[0]),
            2 => format!("Traffic between {} and {}", places[0], places[1]),
            _ => format!("Outlook for {} and the {} office", &rng.pick(&MATTERS)[4..], places[1]),
        };
        let letters: Vec<char> = "ABDEFGHKLMNPRSTW".chars().collect();
        Self {
            office: (*rng.pick(&OFFICES)).to_owned(),
            exercise: format!(
                "{} {}",
                rng.pick(&HEADS).to_uppercase(),
                rng.pick(&["LANTERN", "OTTER", "COMPASS", "HERON"])
            ),
            subject,
            persons,
            places,
            marking,
            portion,
            serial: format!(
                "{}{}-{}/{}",
                rng.pick(&letters),
                rng.between(100, 999),
                rng.between(10, 99),
                rng.between(1, 9)
            ),
            day: Day::new(2026, 1, 2).plus(rng.between(-40, 20)),
        }
    }

    /// One sentence of plain report.
    pub fn sentence(&self, rng: &mut Rng) -> String {
        let mut out = String::new();
        let mut rest = *rng.pick(&SENTENCES);
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, tail) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&self.slot(slot, rng));
            rest = tail;
        }
        out.push_str(rest);
        capital(&out)
    }

    /// A paragraph of `count` sentences.
    pub fn paragraph(&self, count: usize, rng: &mut Rng) -> String {
        (0..count).map(|_| self.sentence(rng)).collect::<Vec<_>>().join(" ")
    }

    /// A sentence of reported speech.
    pub fn said(&self, rng: &mut Rng) -> Said {
        let speaker = rng.pick(&self.persons);
        let others: Vec<&Person> = self.persons.iter().filter(|p| *p != speaker).collect();
        let addressee = rng.pick(&others);
        let day = self.day.plus(-rng.between(2, 60));
        let (verb, to) = rng.pick(&VERBS);
        let about = rng.pick(&MATTERS);
        let sentence = format!(
            "On {}, {} {} {verb}{to} {} {} that {about} {}.",
            day.long_without_year(),
            speaker.title,
            speaker.name,
            addressee.title,
            addressee.name,
            rng.pick(&ENDS)
        );
        let (speaker, addressee) = (speaker.name.clone(), addressee.name.clone());
        Said { speaker, addressee, about: (*about).to_owned(), day, sentence }
    }

    fn slot(&self, slot: &str, rng: &mut Rng) -> String {
        match slot {
            "place" => rng.pick(&self.places).clone(),
            "person" => {
                let p = rng.pick(&self.persons);
                format!("{} {}", p.title, p.name)
            }
            "office" => format!("the {}", self.office.split(',').next().unwrap_or_default()),
            "goods" => (*rng.pick(&GOODS)).to_owned(),
            "date" => self.day.plus(-rng.between(1, 80)).long_without_year(),
            "three" => format!("{:03}", rng.between(0, 99) * 10),
            "p" => rng.between(2, 48).to_string(),
            _ => rng.between(2, 96).to_string(),
        }
    }
}

/// A person.
pub fn person(rng: &mut Rng) -> Person {
    Person {
        title: (*rng.pick(&TITLES)).to_owned(),
        name: format!("{} {}{}", rng.pick(&GIVEN), rng.pick(&HEADS), rng.pick(&TAILS)),
    }
}

/// A place name.
pub fn place(rng: &mut Rng) -> String {
    let name = format!("{}{}", rng.pick(&HEADS), rng.pick(&TAILS));
    match rng.below(5) {
        0 => format!("Port {name}"),
        1 => format!("{name} Reach"),
        _ => name,
    }
}

/// Something that can be carried in a crate.
pub fn goods(rng: &mut Rng) -> &'static str {
    GOODS[rng.below(GOODS.len())]
}

/// `text` with its first letter large.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
