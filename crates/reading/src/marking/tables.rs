//! The words that markings are made of, from the public rules: 32 CFR 2001.20–26 and ISOO's marking booklet; the
//! Intelligence Community Markings System Register and Manual (CAPCO and its successors, as released); DoDM 5200.01;
//! UK Government Security Classifications (2014) and the Manual of Protective Security before them; NATO C-M(2002)49
//! and AC/35-D/2002; Council Decision 2013/488/EU. Countries: ISO 3166-1 trigraphs and the register's tetragraphs.
//!
//! Years are those of a named text that lists a word or drops it, never guesses of first or last use: a word "seen since
//! 2013" may be older. E.O. 10501 and DCID 1/7 of 12 April 1995 were looked up; the other years were set down from knowledge
//! of these texts and not checked against copies of them. Words that no such text is known for have no year.

use model::{Rules, Secrecy};

/// What a word of a marking is, in the order in which the rules put the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// A control system for sensitive compartmented information: SI, TK, HCS.
    Compartment,
    /// Special access programme.
    Programme,
    /// Atomic energy information: RD, FRD.
    Atomic,
    /// Foreign government information.
    Foreign,
    /// Dissemination control: NOFORN, ORCON.
    Control,
    /// Begins a list of countries: REL TO, DISPLAY ONLY.
    List,
    /// Other agencies' controls: LIMDIS, SBU.
    Other,
}

/// A text of the rules, with its year.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub year: u16,
    pub name: &'static str,
}

const fn text(year: u16, name: &'static str) -> Text {
    Text { year, name }
}

/// SECRET, CONFIDENTIAL, RESTRICTED as the Army and Navy had them.
static ORDER_8381: Text = text(1940, "E.O. 8381");
static ATOMIC_1946: Text = text(1946, "Atomic Energy Act of 1946");
/// Adds TOP SECRET, for all agencies.
static ORDER_10290: Text = text(1951, "E.O. 10290");
/// Drops RESTRICTED.
static ORDER_10501: Text = text(1953, "E.O. 10501");
static ATOMIC_1954: Text = text(1954, "Atomic Energy Act of 1954");
/// Drops WNINTEL and NOCONTRACT.
static DIRECTIVE_1995: Text = text(1995, "DCID 1/7");
static ORDER_13556: Text = text(2010, "E.O. 13556");
static REGISTER_2013: Text = text(2013, "IC Markings System Register and Manual");
static GSC_2014: Text = text(2014, "UK Government Security Classifications");
static NATO_2002: Text = text(2002, "C-M(2002)49");
static EU_2001: Text = text(2001, "Council Decision 2001/264/EC");
/// Puts English beside the French.
static EU_2011: Text = text(2011, "Council Decision 2011/292/EU");

/// A word with its spelling and the texts that list and drop it.
pub(super) struct Entry {
    pub part: Part,
    /// As banners write it.
    pub says: &'static str,
    /// The earliest text known here to list it.
    pub seen: Option<&'static Text>,
    pub dropped: Option<&'static Text>,
}

const fn entry(
    part: Part,
    says: &'static str,
    seen: Option<&'static Text>,
    dropped: Option<&'static Text>,
) -> Entry {
    Entry { part, says, seen, dropped }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(Part::Compartment, "HCS-P", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "HCS-O", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "HCS-O-P", None, None),
    entry(Part::Compartment, "HCS-X", None, None),
    entry(Part::Compartment, "HCS", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "HUMINT", None, None),
    entry(Part::Compartment, "SI-G", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "SI-GAMMA", None, None),
    entry(Part::Compartment, "SI", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "SI-ECI", None, None),
    entry(Part::Compartment, "SI-NK", None, None),
    entry(Part::Compartment, "SI-EU", None, None),
    entry(Part::Compartment, "COMINT", None, None),
    entry(Part::Compartment, "COMINT-GAMMA", None, None),
    entry(Part::Compartment, "TK", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "TALENT KEYHOLE", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "TK-BLFH", None, None),
    entry(Part::Compartment, "TK-IDIT", None, None),
    entry(Part::Compartment, "TK-KAND", None, None),
    entry(Part::Compartment, "KDK", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "KLONDIKE", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "RSV", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "RESERVE", Some(&REGISTER_2013), None),
    entry(Part::Compartment, "ENDSEAL", None, None),
    entry(Part::Compartment, "EL", None, None),
    entry(Part::Compartment, "UMBRA", None, None),
    entry(Part::Compartment, "SPOKE", None, None),
    entry(Part::Compartment, "MORAY", None, None),
    entry(Part::Compartment, "GAMMA", None, None),
    entry(Part::Compartment, "ZARF", None, None),
    entry(Part::Compartment, "RUFF", None, None),
    entry(Part::Compartment, "BYEMAN", None, None),
    entry(Part::Compartment, "BYE", None, None),
    entry(Part::Programme, "SAR-MULTIPLE PROGRAMS", Some(&REGISTER_2013), None),
    entry(Part::Programme, "SAR", Some(&REGISTER_2013), None),
    entry(Part::Programme, "SPECIAL ACCESS REQUIRED", Some(&REGISTER_2013), None),
    entry(Part::Programme, "HVSACO", Some(&REGISTER_2013), None),
    entry(Part::Atomic, "RD-CNWDI", Some(&REGISTER_2013), None),
    entry(Part::Atomic, "RD-N", None, None),
    entry(Part::Atomic, "RD", Some(&ATOMIC_1946), None),
    entry(Part::Atomic, "RESTRICTED DATA", Some(&ATOMIC_1946), None),
    entry(Part::Atomic, "FRD", Some(&ATOMIC_1954), None),
    entry(Part::Atomic, "FORMERLY RESTRICTED DATA", Some(&ATOMIC_1954), None),
    entry(Part::Atomic, "TFNI", Some(&REGISTER_2013), None),
    entry(Part::Atomic, "DOE UCNI", Some(&REGISTER_2013), None),
    entry(Part::Atomic, "DOD UCNI", Some(&REGISTER_2013), None),
    entry(Part::Foreign, "FGI", Some(&REGISTER_2013), None),
    entry(Part::Foreign, "FOREIGN GOVERNMENT INFORMATION", Some(&REGISTER_2013), None),
    entry(Part::Control, "RSEN", Some(&REGISTER_2013), None),
    entry(Part::Control, "RISK SENSITIVE", Some(&REGISTER_2013), None),
    entry(Part::Control, "ORCON-USGOV", Some(&REGISTER_2013), None),
    entry(Part::Control, "ORCON", Some(&REGISTER_2013), None),
    entry(Part::Control, "ORIGINATOR CONTROLLED", Some(&REGISTER_2013), None),
    entry(Part::Control, "OC", Some(&REGISTER_2013), None),
    entry(Part::Control, "IMCON", Some(&REGISTER_2013), None),
    entry(Part::Control, "CONTROLLED IMAGERY", Some(&REGISTER_2013), None),
    entry(Part::Control, "NOFORN", Some(&REGISTER_2013), None),
    entry(Part::Control, "NOT RELEASABLE TO FOREIGN NATIONALS", Some(&REGISTER_2013), None),
    entry(Part::Control, "NF", Some(&REGISTER_2013), None),
    entry(Part::Control, "PROPIN", Some(&REGISTER_2013), None),
    entry(Part::Control, "PR", Some(&REGISTER_2013), None),
    entry(Part::Control, "RELIDO", Some(&REGISTER_2013), None),
    entry(Part::Control, "DEA SENSITIVE", Some(&REGISTER_2013), None),
    entry(Part::Control, "FISA", Some(&REGISTER_2013), None),
    entry(Part::Control, "FOUO", Some(&REGISTER_2013), None),
    entry(Part::Control, "FOR OFFICIAL USE ONLY", Some(&REGISTER_2013), None),
    entry(Part::Control, "CUI", Some(&ORDER_13556), None),
    entry(Part::Control, "WNINTEL", None, Some(&DIRECTIVE_1995)),
    entry(Part::Control, "NOCONTRACT", None, Some(&DIRECTIVE_1995)),
    entry(Part::Control, "NO CONTRACT", None, Some(&DIRECTIVE_1995)),
    entry(Part::Control, "WAIVED", Some(&REGISTER_2013), None),
    entry(Part::Control, "EYES ONLY", None, None),
    entry(Part::List, "REL TO", Some(&REGISTER_2013), None),
    entry(Part::List, "REL", Some(&REGISTER_2013), None),
    entry(Part::List, "DISPLAY ONLY", Some(&REGISTER_2013), None),
    entry(Part::Other, "EXDIS", Some(&REGISTER_2013), None),
    entry(Part::Other, "NODIS", Some(&REGISTER_2013), None),
    entry(Part::Other, "LIMDIS", Some(&REGISTER_2013), None),
    entry(Part::Other, "XD", Some(&REGISTER_2013), None),
    entry(Part::Other, "ND", Some(&REGISTER_2013), None),
    entry(Part::Other, "SBU", Some(&REGISTER_2013), None),
    entry(Part::Other, "SBU-NF", Some(&REGISTER_2013), None),
    entry(Part::Other, "SBU NOFORN", Some(&REGISTER_2013), None),
    entry(Part::Other, "LES", Some(&REGISTER_2013), None),
    entry(Part::Other, "LAW ENFORCEMENT SENSITIVE", Some(&REGISTER_2013), None),
    entry(Part::Other, "LES NOFORN", Some(&REGISTER_2013), None),
    entry(Part::Other, "SSI", Some(&REGISTER_2013), None),
    entry(Part::Other, "LIMITED OFFICIAL USE", None, None),
    entry(Part::Other, "SENSITIVE", None, None),
    entry(Part::Other, "HANDLE VIA COMINT CHANNELS ONLY", None, None),
    entry(Part::Other, "UK EYES ONLY", None, None),
    entry(Part::Other, "LOCSEN", Some(&GSC_2014), None),
    entry(Part::Other, "COMMERCIAL", Some(&GSC_2014), None),
    entry(Part::Other, "PERSONAL", Some(&GSC_2014), None),
    entry(Part::Other, "RECIPIENTS ONLY", None, None),
    entry(Part::Other, "ATOMAL", Some(&NATO_2002), None),
    entry(Part::Other, "BOHEMIA", None, None),
    entry(Part::Other, "BALK", None, None),
    entry(Part::Other, "CRYPTO", None, None),
];

/// A level and whose it is.
pub(super) struct Level {
    pub rules: Rules,
    pub secrecy: Secrecy,
    pub says: &'static str,
    /// As portions abbreviate it; empty if they do not.
    pub short: &'static str,
    /// The earliest text known here to list it.
    pub seen: Option<&'static Text>,
    pub dropped: Option<&'static Text>,
}

const fn level(
    rules: Rules,
    secrecy: Secrecy,
    says: &'static str,
    short: &'static str,
    texts: (Option<&'static Text>, Option<&'static Text>),
) -> Level {
    Level { rules, secrecy, says, short, seen: texts.0, dropped: texts.1 }
}

pub(super) static LEVELS: &[Level] = &[
    level(Rules::Us, Secrecy::TopSecret, "TOP SECRET", "TS", (Some(&ORDER_10290), None)),
    level(Rules::Us, Secrecy::Secret, "SECRET", "S", (Some(&ORDER_8381), None)),
    level(Rules::Us, Secrecy::Confidential, "CONFIDENTIAL", "C", (Some(&ORDER_8381), None)),
    level(Rules::Us, Secrecy::Restricted, "RESTRICTED", "R", (Some(&ORDER_8381), Some(&ORDER_10501))),
    level(Rules::Us, Secrecy::Unclassified, "UNCLASSIFIED", "U", (Some(&REGISTER_2013), None)),
    level(Rules::Us, Secrecy::Unclassified, "CUI", "CUI", (Some(&ORDER_13556), None)),
    level(Rules::Us, Secrecy::Unclassified, "FOR OFFICIAL USE ONLY", "FOUO", (Some(&REGISTER_2013), None)),
    level(Rules::Us, Secrecy::Unclassified, "LIMITED OFFICIAL USE", "LOU", (None, None)),
    level(Rules::Uk, Secrecy::TopSecret, "UK TOP SECRET", "UKTS", (None, None)),
    level(Rules::Uk, Secrecy::Secret, "UK SECRET", "UKS", (None, None)),
    level(Rules::Uk, Secrecy::Confidential, "UK CONFIDENTIAL", "UKC", (None, Some(&GSC_2014))),
    level(Rules::Uk, Secrecy::Restricted, "UK RESTRICTED", "UKR", (None, Some(&GSC_2014))),
    level(Rules::Uk, Secrecy::Restricted, "OFFICIAL-SENSITIVE", "OS", (Some(&GSC_2014), None)),
    level(Rules::Uk, Secrecy::Restricted, "UK OFFICIAL-SENSITIVE", "UKOS", (Some(&GSC_2014), None)),
    level(Rules::Uk, Secrecy::Unclassified, "OFFICIAL", "O", (Some(&GSC_2014), None)),
    level(Rules::Uk, Secrecy::Unclassified, "UK OFFICIAL", "UKO", (Some(&GSC_2014), None)),
    level(Rules::Uk, Secrecy::Unclassified, "PROTECT", "", (None, Some(&GSC_2014))),
    level(Rules::Nato, Secrecy::TopSecret, "COSMIC TOP SECRET", "CTS", (Some(&NATO_2002), None)),
    level(Rules::Nato, Secrecy::Secret, "NATO SECRET", "NS", (Some(&NATO_2002), None)),
    level(Rules::Nato, Secrecy::Confidential, "NATO CONFIDENTIAL", "NC", (Some(&NATO_2002), None)),
    level(Rules::Nato, Secrecy::Restricted, "NATO RESTRICTED", "NR", (Some(&NATO_2002), None)),
    level(Rules::Nato, Secrecy::Unclassified, "NATO UNCLASSIFIED", "NU", (Some(&NATO_2002), None)),
    level(
        Rules::Eu,
        Secrecy::TopSecret,
        "TRES SECRET UE/EU TOP SECRET",
        "TS-UE/EU-TS",
        (Some(&EU_2001), None),
    ),
    level(Rules::Eu, Secrecy::Secret, "SECRET UE/EU SECRET", "S-UE/EU-S", (Some(&EU_2011), None)),
    level(Rules::Eu, Secrecy::Secret, "SECRET UE", "S-UE", (Some(&EU_2001), Some(&EU_2011))),
    level(
        Rules::Eu,
        Secrecy::Confidential,
        "CONFIDENTIEL UE/EU CONFIDENTIAL",
        "C-UE/EU-C",
        (Some(&EU_2011), None),
    ),
    level(Rules::Eu, Secrecy::Confidential, "CONFIDENTIEL UE", "C-UE", (Some(&EU_2001), Some(&EU_2011))),
    level(Rules::Eu, Secrecy::Restricted, "RESTREINT UE/EU RESTRICTED", "R-UE/EU-R", (Some(&EU_2011), None)),
    level(Rules::Eu, Secrecy::Restricted, "RESTREINT UE", "R-UE", (Some(&EU_2001), Some(&EU_2011))),
    level(Rules::Eu, Secrecy::Unclassified, "LIMITE", "", (None, None)),
];

/// Trigraphs of ISO 3166-1, and the register's codes for groups of countries.
pub(super) const COUNTRIES: &[&str] = &[
    "USA", "FVEY", "ACGU", "NATO", "ISAF", "KFOR", "RSMA", "TEYE", "BWCS", "CFCK", "CMFC", "CPMT", "EFOR",
    "GCTF", "GMIF", "IESC", "MCFI", "MLEC", "NACT", "OSAG", "SEYE", "UNCK", "APFS", "ECTF", "CWCS", "AUS",
    "CAN", "GBR", "NZL", "AFG", "ALB", "AND", "ARE", "ARG", "ARM", "AUT", "AZE", "BDI", "BEL", "BEN", "BFA",
    "BGD", "BGR", "BHR", "BHS", "BIH", "BLR", "BLZ", "BOL", "BRA", "BRB", "BRN", "BTN", "BWA", "CAF", "CHE",
    "CHL", "CHN", "CIV", "CMR", "COD", "COG", "COL", "COM", "CPV", "CRI", "CUB", "CYP", "CZE", "DEU", "DJI",
    "DNK", "DOM", "DZA", "ECU", "EGY", "ERI", "ESP", "EST", "ETH", "FIN", "FJI", "FRA", "GAB", "GEO", "GHA",
    "GIN", "GMB", "GNB", "GNQ", "GRC", "GTM", "GUY", "HND", "HRV", "HTI", "HUN", "IDN", "IND", "IRL", "IRN",
    "IRQ", "ISL", "ISR", "ITA", "JAM", "JOR", "JPN", "KAZ", "KEN", "KGZ", "KHM", "KOR", "KWT", "LAO", "LBN",
    "LBR", "LBY", "LIE", "LKA", "LSO", "LTU", "LUX", "LVA", "MAR", "MCO", "MDA", "MDG", "MDV", "MEX", "MKD",
    "MLI", "MLT", "MMR", "MNE", "MNG", "MOZ", "MRT", "MUS", "MWI", "MYS", "NAM", "NER", "NGA", "NIC", "NLD",
    "NOR", "NPL", "OMN", "PAK", "PAN", "PER", "PHL", "PNG", "POL", "PRK", "PRT", "PRY", "QAT", "ROU", "RUS",
    "RWA", "SAU", "SDN", "SEN", "SGP", "SLE", "SLV", "SOM", "SRB", "SSD", "SUR", "SVK", "SVN", "SWE", "SWZ",
    "SYC", "SYR", "TCD", "TGO", "THA", "TJK", "TKM", "TLS", "TON", "TTO", "TUN", "TUR", "TWN", "TZA", "UGA",
    "UKR", "URY", "UZB", "VEN", "VNM", "VUT", "WSM", "YEM", "ZAF", "ZMB", "ZWE",
];
