//! Stopped at any moment, run again: the same dossier, nothing lost.

use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::Duration;

use crate::desk::Desk;

/// Moments in milliseconds after the start, chosen by a fixed generator.
fn moments(count: u64, most: u64) -> impl Iterator<Item = Duration> {
    (1..=count).map(move |n| Duration::from_millis(n.wrapping_mul(2_654_435_761) % most))
}

#[test]
fn killed_at_many_moments() {
    let desk = Desk::new();
    desk.leak();
    desk.worked("calm.case", &["leak"]);
    desk.expect(0, &["new", "hit.case", "--name", "A trial"]);
    let hit = |arguments: &[&str], after: Duration| {
        let mut child = desk
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    };
    moments(8, 60).for_each(|after| hit(&["add", "hit.case", "leak"], after));
    desk.expect(0, &["add", "hit.case", "leak"]);
    moments(20, 700).for_each(|after| hit(&["run", "hit.case", "--no-reading"], after));
    desk.expect(0, &["run", "hit.case", "--no-reading"]);
    assert_eq!(desk.dossier("hit.case"), desk.dossier("calm.case"));
    desk.expect(0, &["verify", "hit.case"]);
    assert_eq!(desk.expect(0, &["rebuild", "hit.case", "--no-reading"]).out, "identical\n");
}

#[test]
fn ctrl_c_leaves_a_clean_case() {
    let desk = Desk::new();
    desk.leak();
    desk.expect(0, &["new", "leak.case", "--name", "A trial"]);
    desk.expect(0, &["add", "leak.case", "leak"]);
    let child = desk.command(&["run", "leak.case", "--no-reading"]).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(250));
    // SAFETY: a signal to our own child.
    unsafe { libc::kill(child.id() as i32, libc::SIGINT) };
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    // On a very fast machine it may have finished before.
    assert!(matches!(output.status.code(), Some(130 | 0)), "{:?}: {said}", output.status);
    if output.status.code() == Some(130) {
        assert!(said.contains("goes on from here"), "{said}");
    }
    desk.expect(0, &["run", "leak.case", "--no-reading"]);
    desk.worked("calm.case", &["leak"]);
    assert_eq!(desk.dossier("leak.case"), desk.dossier("calm.case"));
}

#[test]
fn two_at_once_do_not_meet() {
    let desk = Desk::new();
    desk.expect(0, &["new", "a.case"]);
    let lock = std::fs::File::options().write(true).open(desk.path("a.case/lock")).unwrap();
    lock.try_lock().unwrap();
    let refused = desk.expect(1, &["run", "a.case", "--no-reading"]);
    assert!(refused.talk.contains("another truecopy is working on"), "{}", refused.talk);
}
