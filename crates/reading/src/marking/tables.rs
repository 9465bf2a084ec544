//! The words that markings are made of, from the public rules: 32 CFR 2001.20–26 and ISOO's marking booklet; the
//! Intelligence Community Markings System Register and Manual (CAPCO and its successors, as released); DoDM 5200.01;
//! UK Government Security Classifications (2014) and the Manual of Protective Security before them; NATO C-M(2002)49
//! and AC/35-D/2002; Council Decision 2013/488/EU. Countries: ISO 3166-1 trigraphs and the register's tetragraphs.

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

/// A word with its spelling, its abbreviation in portions, and the years it was in the rules.
pub(super) struct Entry {
    pub part: Part,
    /// As banners write it.
    pub says: &'static str,
    pub since: u16,
    /// The last year; 9999 if it stands.
    pub until: u16,
}

const fn entry(part: Part, says: &'static str, since: u16, until: u16) -> Entry {
    Entry { part, says, since, until }
}

const STANDS: u16 = 9999;

pub(super) const ENTRIES: &[Entry] = &[
    entry(Part::Compartment, "HCS-P", 2008, STANDS),
    entry(Part::Compartment, "HCS-O", 2011, STANDS),
    entry(Part::Compartment, "HCS-O-P", 2013, STANDS),
    entry(Part::Compartment, "HCS-X", 2013, STANDS),
    entry(Part::Compartment, "HCS", 1980, STANDS),
    entry(Part::Compartment, "HUMINT", 1999, 2011),
    entry(Part::Compartment, "SI-G", 1995, STANDS),
    entry(Part::Compartment, "SI-GAMMA", 1995, 2011),
    entry(Part::Compartment, "SI", 1970, STANDS),
    entry(Part::Compartment, "SI-ECI", 2011, STANDS),
    entry(Part::Compartment, "SI-NK", 2014, STANDS),
    entry(Part::Compartment, "SI-EU", 2014, STANDS),
    entry(Part::Compartment, "COMINT", 1950, 2011),
    entry(Part::Compartment, "COMINT-GAMMA", 1995, 2011),
    entry(Part::Compartment, "TK", 1970, STANDS),
    entry(Part::Compartment, "TALENT KEYHOLE", 1960, STANDS),
    entry(Part::Compartment, "TK-BLFH", 2014, STANDS),
    entry(Part::Compartment, "TK-IDIT", 2014, STANDS),
    entry(Part::Compartment, "TK-KAND", 2014, STANDS),
    entry(Part::Compartment, "KDK", 2009, 2014),
    entry(Part::Compartment, "KLONDIKE", 2009, 2014),
    entry(Part::Compartment, "RSV", 2009, STANDS),
    entry(Part::Compartment, "RESERVE", 2009, STANDS),
    entry(Part::Compartment, "ENDSEAL", 2012, 2016),
    entry(Part::Compartment, "EL", 2012, 2016),
    entry(Part::Compartment, "UMBRA", 1968, 1999),
    entry(Part::Compartment, "SPOKE", 1968, 1999),
    entry(Part::Compartment, "MORAY", 1968, 1999),
    entry(Part::Compartment, "GAMMA", 1968, 1999),
    entry(Part::Compartment, "ZARF", 1968, 1999),
    entry(Part::Compartment, "RUFF", 1968, 1999),
    entry(Part::Compartment, "BYEMAN", 1961, 2005),
    entry(Part::Compartment, "BYE", 1961, 2005),
    entry(Part::Programme, "SAR-MULTIPLE PROGRAMS", 2003, STANDS),
    entry(Part::Programme, "SAR", 1995, STANDS),
    entry(Part::Programme, "SPECIAL ACCESS REQUIRED", 1995, STANDS),
    entry(Part::Programme, "HVSACO", 1995, STANDS),
    entry(Part::Atomic, "RD-CNWDI", 1995, STANDS),
    entry(Part::Atomic, "RD-N", 2004, STANDS),
    entry(Part::Atomic, "RD", 1946, STANDS),
    entry(Part::Atomic, "RESTRICTED DATA", 1946, STANDS),
    entry(Part::Atomic, "FRD", 1954, STANDS),
    entry(Part::Atomic, "FORMERLY RESTRICTED DATA", 1954, STANDS),
    entry(Part::Atomic, "TFNI", 2012, STANDS),
    entry(Part::Atomic, "DOE UCNI", 1995, STANDS),
    entry(Part::Atomic, "DOD UCNI", 1995, STANDS),
    entry(Part::Foreign, "FGI", 1995, STANDS),
    entry(Part::Foreign, "FOREIGN GOVERNMENT INFORMATION", 1995, STANDS),
    entry(Part::Control, "RSEN", 2003, STANDS),
    entry(Part::Control, "RISK SENSITIVE", 2003, STANDS),
    entry(Part::Control, "ORCON-USGOV", 2013, STANDS),
    entry(Part::Control, "ORCON", 1970, STANDS),
    entry(Part::Control, "ORIGINATOR CONTROLLED", 1970, STANDS),
    entry(Part::Control, "OC", 1995, STANDS),
    entry(Part::Control, "IMCON", 1995, STANDS),
    entry(Part::Control, "CONTROLLED IMAGERY", 1995, STANDS),
    entry(Part::Control, "NOFORN", 1970, STANDS),
    entry(Part::Control, "NOT RELEASABLE TO FOREIGN NATIONALS", 1970, STANDS),
    entry(Part::Control, "NF", 1970, STANDS),
    entry(Part::Control, "PROPIN", 1970, STANDS),
    entry(Part::Control, "PR", 1995, STANDS),
    entry(Part::Control, "RELIDO", 2006, STANDS),
    entry(Part::Control, "DEA SENSITIVE", 2003, STANDS),
    entry(Part::Control, "FISA", 2003, STANDS),
    entry(Part::Control, "FOUO", 1966, 2020),
    entry(Part::Control, "FOR OFFICIAL USE ONLY", 1966, 2020),
    entry(Part::Control, "CUI", 2010, STANDS),
    entry(Part::Control, "WNINTEL", 1970, 1995),
    entry(Part::Control, "NOCONTRACT", 1970, 1995),
    entry(Part::Control, "NO CONTRACT", 1970, 1995),
    entry(Part::Control, "WAIVED", 2003, STANDS),
    entry(Part::Control, "EYES ONLY", 1945, 2003),
    entry(Part::List, "REL TO", 1995, STANDS),
    entry(Part::List, "REL", 1995, STANDS),
    entry(Part::List, "DISPLAY ONLY", 2008, STANDS),
    entry(Part::Other, "EXDIS", 1961, STANDS),
    entry(Part::Other, "NODIS", 1961, STANDS),
    entry(Part::Other, "LIMDIS", 1961, STANDS),
    entry(Part::Other, "XD", 1995, STANDS),
    entry(Part::Other, "ND", 1995, STANDS),
    entry(Part::Other, "SBU", 1977, 2016),
    entry(Part::Other, "SBU-NF", 2003, 2016),
    entry(Part::Other, "SBU NOFORN", 2003, 2016),
    entry(Part::Other, "LES", 2003, STANDS),
    entry(Part::Other, "LAW ENFORCEMENT SENSITIVE", 2003, STANDS),
    entry(Part::Other, "LES NOFORN", 2003, STANDS),
    entry(Part::Other, "SSI", 2004, STANDS),
    entry(Part::Other, "LIMITED OFFICIAL USE", 1961, 1995),
    entry(Part::Other, "SENSITIVE", 1961, STANDS),
    entry(Part::Other, "HANDLE VIA COMINT CHANNELS ONLY", 1960, 2000),
    entry(Part::Other, "UK EYES ONLY", 1950, STANDS),
    entry(Part::Other, "LOCSEN", 2014, STANDS),
    entry(Part::Other, "COMMERCIAL", 2014, STANDS),
    entry(Part::Other, "PERSONAL", 2014, STANDS),
    entry(Part::Other, "RECIPIENTS ONLY", 2018, STANDS),
    entry(Part::Other, "ATOMAL", 1964, STANDS),
    entry(Part::Other, "BOHEMIA", 1990, STANDS),
    entry(Part::Other, "BALK", 1990, STANDS),
    entry(Part::Other, "CRYPTO", 1950, STANDS),
];

/// A level and whose it is.
pub(super) struct Level {
    pub rules: Rules,
    pub secrecy: Secrecy,
    pub says: &'static str,
    /// As portions abbreviate it; empty if they do not.
    pub short: &'static str,
    pub since: u16,
    pub until: u16,
}

const fn level(
    rules: Rules,
    secrecy: Secrecy,
    says: &'static str,
    short: &'static str,
    years: (u16, u16),
) -> Level {
    Level { rules, secrecy, says, short, since: years.0, until: years.1 }
}

pub(super) const LEVELS: &[Level] = &[
    level(Rules::Us, Secrecy::TopSecret, "TOP SECRET", "TS", (1944, STANDS)),
    level(Rules::Us, Secrecy::Secret, "SECRET", "S", (1917, STANDS)),
    level(Rules::Us, Secrecy::Confidential, "CONFIDENTIAL", "C", (1917, STANDS)),
    level(Rules::Us, Secrecy::Restricted, "RESTRICTED", "R", (1917, 1953)),
    level(Rules::Us, Secrecy::Unclassified, "UNCLASSIFIED", "U", (1945, STANDS)),
    level(Rules::Us, Secrecy::Unclassified, "CUI", "CUI", (2010, STANDS)),
    level(Rules::Us, Secrecy::Unclassified, "FOR OFFICIAL USE ONLY", "FOUO", (1966, 2020)),
    level(Rules::Us, Secrecy::Unclassified, "LIMITED OFFICIAL USE", "LOU", (1961, 1995)),
    level(Rules::Uk, Secrecy::TopSecret, "UK TOP SECRET", "UKTS", (1950, STANDS)),
    level(Rules::Uk, Secrecy::Secret, "UK SECRET", "UKS", (1950, STANDS)),
    level(Rules::Uk, Secrecy::Confidential, "UK CONFIDENTIAL", "UKC", (1950, 2014)),
    level(Rules::Uk, Secrecy::Restricted, "UK RESTRICTED", "UKR", (1950, 2014)),
    level(Rules::Uk, Secrecy::Restricted, "OFFICIAL-SENSITIVE", "OS", (2014, STANDS)),
    level(Rules::Uk, Secrecy::Restricted, "UK OFFICIAL-SENSITIVE", "UKOS", (2014, STANDS)),
    level(Rules::Uk, Secrecy::Unclassified, "OFFICIAL", "O", (2014, STANDS)),
    level(Rules::Uk, Secrecy::Unclassified, "UK OFFICIAL", "UKO", (2014, STANDS)),
    level(Rules::Uk, Secrecy::Unclassified, "PROTECT", "", (2007, 2014)),
    level(Rules::Nato, Secrecy::TopSecret, "COSMIC TOP SECRET", "CTS", (1952, STANDS)),
    level(Rules::Nato, Secrecy::Secret, "NATO SECRET", "NS", (1952, STANDS)),
    level(Rules::Nato, Secrecy::Confidential, "NATO CONFIDENTIAL", "NC", (1952, STANDS)),
    level(Rules::Nato, Secrecy::Restricted, "NATO RESTRICTED", "NR", (1952, STANDS)),
    level(Rules::Nato, Secrecy::Unclassified, "NATO UNCLASSIFIED", "NU", (1952, STANDS)),
    level(Rules::Eu, Secrecy::TopSecret, "TRES SECRET UE/EU TOP SECRET", "TS-UE/EU-TS", (2001, STANDS)),
    level(Rules::Eu, Secrecy::Secret, "SECRET UE/EU SECRET", "S-UE/EU-S", (2001, STANDS)),
    level(Rules::Eu, Secrecy::Secret, "SECRET UE", "S-UE", (2001, 2011)),
    level(Rules::Eu, Secrecy::Confidential, "CONFIDENTIEL UE/EU CONFIDENTIAL", "C-UE/EU-C", (2001, STANDS)),
    level(Rules::Eu, Secrecy::Confidential, "CONFIDENTIEL UE", "C-UE", (2001, 2011)),
    level(Rules::Eu, Secrecy::Restricted, "RESTREINT UE/EU RESTRICTED", "R-UE/EU-R", (2001, STANDS)),
    level(Rules::Eu, Secrecy::Restricted, "RESTREINT UE", "R-UE", (2001, 2011)),
    level(Rules::Eu, Secrecy::Unclassified, "LIMITE", "", (2001, STANDS)),
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
