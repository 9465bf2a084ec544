use crate::told::Method;

/// How the parts of the program work, and what they do not do, in the order the material passes them.
pub(crate) fn method() -> Vec<Method> {
    ENGINES
        .iter()
        .map(|(engine, does, limits)| Method {
            engine: (*engine).to_owned(),
            does: (*does).to_owned(),
            limits: limits.iter().map(|limit| (*limit).to_owned()).collect(),
        })
        .collect()
}

type Row = (&'static str, &'static str, &'static [&'static str]);

const ENGINES: &[Row] = &[
    (
        "case",
        "Every file is copied as it came, hashed with SHA-256 and entered in a custody log in which each entry holds \
         the digest of the one before it. Everything else is computed from these bytes and can be computed again.",
        &[
            "The log shows that nothing changed since the bytes were handed in. It says nothing of what happened to \
             them before.",
            "Who holds the whole folder could write a new log. Note its head digest somewhere else to rule that out.",
        ],
    ),
    (
        "intake",
        "What a file is, is told by its bytes, not by its name. Archives are opened; exports of chat channels are read \
         into channels, accounts and posts. A post that several exports hold is counted once, and every record of it \
         is cited by file and byte.",
        &[
            "An export is somebody's account of a channel: posts can be missing, edited or made up. The number of posts \
             it declares is shown beside the number that was read.",
            "A time without a zone is taken to mean any zone, 14 hours either way, unless the same export tells more.",
            "An attached file that was not handed in is listed as referenced but unseen. Nothing is fetched.",
            "An account is what a platform calls a user, not a person.",
        ],
    ),
    (
        "pages",
        "Images are decoded and turned as their EXIF orientation says; PDF pages are rendered. The borders of the sheet are \
         sought on each page, inside a window or bars if there are any, and the sheet is set upright by them, by its \
         lines of text and by the look of its letters. What is shown in the report is a reduced raster made anew.",
        &[
            "A format without a sound decoder is kept and listed as a problem; its pages are not seen.",
            "Times that a file tells of itself (EXIF) are a claim of its camera or software and are not used to date a \
             first appearance.",
            "How a picture came to be is told only where it was looked into.",
        ],
    ),
    (
        "families",
        "Up to 900 places of each picture are kept that survive photographs, crops, turns and fax. Pictures that share \
         such places are laid on each other by a projective map and held against each other cell by cell, ink against ink; \
         those that agree all over what both show are matched, with the measured numbers. Families are made of matches so \
         that no single match holds together what others keep apart. The picture with the largest visible area is called \
         the best.",
        &[
            "A picture that shows a small part of a sheet, or one that is covered in large part, may stand in a family of \
             its own: two families can be one sheet.",
            "Sheets that differ in few words look alike: two copies of one form with other figures can stand in one family, \
             and so do altered versions of one sheet. Read the pictures before you quote one.",
            "Pictures of one sheet that share folds, shadows or grain go back to one photograph. Where nothing is said, \
             nothing is known: most pairs of pictures do not tell.",
            "A family says that pictures show the same sheet. It does not say which of them is unaltered, or whether \
             what the sheet says is so.",
        ],
    ),
    (
        "reading",
        "Each picture is read by Tesseract, a second time where the first reading is in doubt; every word has a place and a \
         doubt. A PDF's own text is used where it is sound, and held against the page. The pictures of a sheet are read \
         together: word by word, the surest reading counts. Classification markings are read by the written rules.",
        &[
            "Words are misread, most of all small, blurred and covered ones. Where pictures of a sheet say different things, \
             the text of the sheet holds one of them.",
            "A marking says what is printed on the sheet, not whether it was rightly put there.",
        ],
    ),
    (
        "statements",
        "In the text of each sheet names are sought (by lists of places, countries, bodies, given names and titles, and by the words \
         around them) and verbs of saying, with who stands before and behind them; words of happenings, with the names and the date of their \
         sentence; and what the sheet is about, by its subject line or heading. Dates are held against the sheet's own. Spellings \
         are gathered over all sheets, with the reasons.",
        &[
            "A statement says what is printed: that a sheet reports somebody to have said something. Whether it was said, or is so, is \
             not asked.",
            "The rules know English prose. Of a hundred statements as annotated by hand in passages never tuned on, about eighteen were \
             missed or got a wrong party; in passages of other manners (dispatches, minutes, hearings, diaries) half; in text that was badly read, more.",
            "Who is named only by a pronoun or a role is named here only where the text leaves one reading.",
            "An event is a word of a list with the names in its sentence: who did what is not told apart, and whether it happened is not asked.",
            "One name borne by two is one row here, and one person with two names that nothing joins is two.",
        ],
    ),
    (
        "impact",
        "Each sentence that names a person, body or country is a passage that touches it. A table of rules proposes kinds of harm by \
         words, markings, kinds of names and sorts of statement; each proposal names its rule and what it rests on.",
        &[
            "Words are looked at, not what is meant: most proposals are none, and an analyst says which are.",
            "A passage that tells of somebody without a name that was found is not among the party's.",
            "How public a sheet is follows from posts that are held.",
        ],
    ),
    (
        "versions",
        "The pictures of a sheet are laid on each other to a fraction of a letter and compared at common sharpness. A place \
         is told as differing only where both the ink is unusual for these two pictures and the words read there are \
         others. What is covered is told apart and never counted as altered. Which picture was made from which is inferred \
         from what each shows, its detail, marks and time, and told only where the reasons decide the direction.",
        &[
            "That two pictures differ does not say which of them is the earlier, or who changed it.",
            "Letters under about ten pixels, changes of punctuation, and places that few pictures show can be missed.",
            "A picture is held against those that are held. The sheet itself is not.",
        ],
    ),
    (
        "spread",
        "A picture in a post is an appearance, dated by the narrowest clock the post has. Times are intervals: one post \
         is earlier than another only where their intervals do not overlap. Where they do, every post that can have \
         been the first is named. Hops between channels rest on forwards, links, answers, equal bytes and descent of pictures; gaps \
         on what posts and sheets name, and on pictures that none of the held ones explains.",
        &[
            "First means first in this material. A channel that nobody exported may have had the sheet earlier.",
            "Posts that were deleted before an export was made leave no trace in it.",
            "That one channel has a sheet later than another does not show that it was taken from there.",
            "A hop is a hypothesis: a third channel that nobody exported may stand between. Accounts are not followed across platforms.",
            "A gap says that something existed, not who has it. Most that is missing leaves no trace: its absence here says nothing.",
            "Exports of one channel are held against each other only in one format, and where each says when it was made.",
            "Posts that type off a sheet's words are found by eight words or more in common; translations and retellings are not. \
             Whose reading of a differing place they have is told only where they have it letter for letter, with the words about it.",
            "Documents are proposals from what is printed on sheets and from how they were posted; a sheet in none may still be \
             a page of one.",
        ],
    ),
];
