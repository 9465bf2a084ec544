//! A case on disk: made, added to, derived, compared.

#![allow(clippy::unwrap_used, missing_docs)]

mod custody;

use std::fs;
use std::path::{Path, PathBuf};

use case::{Case, Error, Finished, Rows};
use model::{Code, Id, Item, Noun, Problem, RunId, Trouble};

fn made(folder: &Path) -> Case {
    Case::create(&folder.join("a.case"), "A trial", "To try", "tester").unwrap()
}

fn run(n: u64, input: &str) -> Finished {
    let id = RunId::make(|id| {
        id.number(n);
    });
    Finished { id, stage: "stage".to_owned(), input: input.to_owned(), material: [0; 32] }
}

fn rows(problems: &[Problem]) -> Rows {
    let mut rows = Rows::default();
    problems.iter().for_each(|problem| rows.put(problem).unwrap());
    rows
}

fn problem(about: &str) -> Problem {
    Problem::new(about, Trouble::new(Code::Empty, ""))
}

#[test]
fn a_case_says_what_it_is_and_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let case = made(folder.path());
    assert_eq!((case.info().name.as_str(), case.info().purpose.as_str()), ("A trial", "To try"));
    assert!(matches!(Case::open(case.folder()), Err(Error::Busy(_))));
    let path = case.folder().to_owned();
    drop(case);
    assert_eq!(Case::open(&path).unwrap().ground().entries().unwrap()[0].command, "new");
    assert!(matches!(Case::create(&path, "", "", ""), Err(Error::Exists(_))));
    assert!(matches!(Case::open(folder.path()), Err(Error::NotACase(_))));
}

#[test]
fn receiving_twice_changes_nothing_but_the_log() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("in/deep")).unwrap();
    fs::write(folder.path().join("in/a.txt"), "one").unwrap();
    fs::write(folder.path().join("in/deep/b.txt"), "one").unwrap();
    let mut case = made(folder.path());
    let roots: Vec<PathBuf> = vec![folder.path().join("in")];
    let first = case.receive(&roots, "tester", |_| true).unwrap();
    assert_eq!((first.files, first.new, first.refused.len()), (2, 2, 0));
    let again = case.receive(&roots, "tester", |_| true).unwrap();
    assert_eq!((again.files, again.new), (2, 0));
    let items = case.ground().items().unwrap();
    let paths: Vec<&str> = items.iter().map(|item| item.path.as_str()).collect();
    assert!(paths.contains(&"in/a.txt") && paths.contains(&"in/deep/b.txt"));
    assert_eq!(items[0].blob, items[1].blob);
    assert_eq!(case.blobs().all().unwrap().len(), 1);
    assert_eq!(case.ground().entries().unwrap().len(), 3);
}

#[test]
fn receiving_stops_when_told_and_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    (0..200).for_each(|n| fs::write(folder.path().join(format!("in/{n:03}")), n.to_string()).unwrap());
    let mut case = made(folder.path());
    let roots = [folder.path().join("in")];
    let stopped = case.receive(&roots, "tester", |progress| progress.files < 100).unwrap();
    assert!(stopped.stopped && stopped.new == 100);
    assert_eq!(case.receive(&roots, "tester", |_| true).unwrap().new, 100);
}

#[test]
fn a_run_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let case = made(folder.path());
    let derived = case.derived();
    derived.keep(&run(1, "x"), rows(&[problem("a"), problem("b")])).unwrap();
    derived.keep(&run(2, "y"), rows(&[problem("c")])).unwrap();
    derived.keep(&run(3, "x"), rows(&[problem("d")])).unwrap();
    let about: Vec<String> = derived.problems().unwrap().into_iter().map(|problem| problem.about).collect();
    assert_eq!(about.len(), 2);
    assert!(about.contains(&"c".to_owned()) && about.contains(&"d".to_owned()));
    assert_eq!(derived.finished("stage").unwrap(), vec![run(3, "x"), run(2, "y")]);
    derived.forget("stage", "y").unwrap();
    assert_eq!(derived.count(Problem::KIND).unwrap(), 1);
}

#[test]
fn nouns_are_found_by_the_beginning_of_their_key() {
    let folder = tempfile::tempdir().unwrap();
    let case = made(folder.path());
    let all: Vec<Problem> = (0..300).map(|n| problem(&n.to_string())).collect();
    case.derived().keep(&run(1, "x"), rows(&all)).unwrap();
    for wanted in all.iter().step_by(37) {
        let digits = wanted.id.to_string().split_once(':').unwrap().1.to_owned();
        for length in [1, 2, 3, 7, 64] {
            let expected =
                all.iter().filter(|one| one.id.to_string()[5..].starts_with(&digits[..length])).count();
            let found = case.derived().starting(Problem::KIND, &digits[..length], 1000).unwrap();
            assert_eq!(found.len(), expected, "{}", &digits[..length]);
        }
    }
}

#[test]
fn many_rows_spill_and_come_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let case = made(folder.path());
    let long = "x".repeat(4000);
    let all: Vec<Problem> = (0..5000).map(|n| problem(&format!("{long}{n}"))).collect();
    case.derived().keep(&run(1, "x"), rows(&all)).unwrap();
    assert_eq!(case.derived().count(Problem::KIND).unwrap(), 5000);
}

#[test]
fn a_rebuild_shows_every_difference() {
    let folder = tempfile::tempdir().unwrap();
    let case = made(folder.path());
    case.derived().keep(&run(1, "x"), rows(&[problem("a"), problem("b")])).unwrap();
    let anew = case.into_rebuild().unwrap();
    anew.derived().keep(&run(1, "x"), rows(&[problem("a"), problem("c")])).unwrap();
    let says: Vec<&str> = anew.finish_rebuild(false).unwrap().into_iter().map(|one| one.says).collect();
    assert_eq!(says, ["only in the case", "only in the rebuilt one"]);
    assert!(!folder.path().join("a.case/rebuild").exists());
}

#[test]
fn items_of_the_ground_carry_their_times() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "one").unwrap();
    let mut case = made(folder.path());
    case.receive(&[folder.path().join("a.txt")], "tester", |_| true).unwrap();
    let item: Item = case.ground().items().unwrap().remove(0);
    assert_eq!((item.name.as_str(), item.size, item.times.len()), ("a.txt", 3, 1));
}
