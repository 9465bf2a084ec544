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
        "Images are decoded and turned as their EXIF orientation says; PDF pages are rendered. Each page yields the \
         pictures of the sheets seen on it. What is shown in the report is a reduced raster made anew.",
        &[
            "A format without a sound decoder is kept and listed as a problem; its pages are not seen.",
            "Times that a file tells of itself (EXIF) are a claim of its camera or software and are not used to date a \
             first appearance.",
            "How a picture came to be is told only where it was looked into.",
        ],
    ),
    (
        "families",
        "Every picture gets a print (PDQ, 256 bits). Pictures whose prints are near are held against each other cell by \
         cell; those that agree are matched, with the measured numbers. Pictures joined by matches are a family: one \
         sheet. The picture with the largest visible area is called the best.",
        &[
            "A picture that was cropped hard, photographed at an angle or covered in large part may stand in a family of \
             its own: two families can be one sheet.",
            "Sheets that differ in few words, such as two editions of one form, look alike: one family can hold \
             versions that say different things. Read the pictures before you quote one.",
            "A family says that pictures show the same sheet. It does not say which of them is unaltered, or whether \
             what the sheet says is so.",
        ],
    ),
    (
        "spread",
        "A picture in a post is an appearance, dated by the narrowest clock the post has. Times are intervals: one post \
         is earlier than another only where their intervals do not overlap. Where they do, every post that can have \
         been the first is named.",
        &[
            "First means first in this material. A channel that nobody exported may have had the sheet earlier.",
            "Posts that were deleted before an export was made leave no trace in it.",
            "That one channel has a sheet later than another does not show that it was taken from there.",
        ],
    ),
];
