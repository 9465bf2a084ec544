//! What is handed to others: graphs, tables, requests.

use std::collections::BTreeSet;

use dossier::{gexf, graphml, hops_csv, people_csv, people_gexf, people_graphml, request, tell, together};

use crate::material::leak;

#[test]
fn a_graph_has_every_hop_and_its_ends() {
    let told = tell(&leak());
    let hop = &told.hops[0];
    for graph in [gexf(&told), graphml(&told)] {
        for part in [&hop.id, &hop.from, &hop.to] {
            assert!(graph.contains(&format!("\"{part}\"")), "{graph}");
        }
        assert_eq!(graph.matches("<node ").count(), 2, "{graph}");
        assert_eq!(graph.matches("<edge ").count(), 1, "{graph}");
    }
    let csv = hops_csv(&told);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + hop.evidence.len());
    assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    assert!(lines[1].contains("descent") && lines[1].contains("lounge"), "{csv}");
}

#[test]
fn who_is_named_with_whom_is_told_with_the_sentence() {
    let told = tell(&leak());
    let name = |id: &str| told.parties.iter().find(|party| party.id == id).unwrap().name.as_str();
    let pairs: Vec<[&str; 2]> = together(&told)
        .iter()
        .map(|one| {
            assert_eq!((one.sentences.len(), one.families.len()), (1, 1));
            let mut pair = [name(&one.a), name(&one.b)];
            pair.sort_unstable();
            pair
        })
        .collect();
    assert_eq!(pairs.len(), 3, "{pairs:?}");
    for pair in [["Kenya", "Ruth Novak"], ["Ruth Novak", "Varga"], ["Kenya", "Varga"]] {
        assert!(pairs.contains(&pair), "{pairs:?}");
    }
    for graph in [people_gexf(&told), people_graphml(&told)] {
        assert_eq!((graph.matches("<node ").count(), graph.matches("<edge ").count()), (3, 3), "{graph}");
        assert!(
            graph.contains("Ruth Novak") && graph.contains(&told.parties[0].passages[0].family),
            "{graph}"
        );
    }
    let csv = people_csv(&told);
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.contains("very likely be <late>."), "{csv}");
}

#[test]
fn received_text_breaks_no_graph_and_no_table() {
    let mut leak = leak();
    for channel in &mut leak.channels {
        channel.name = "</node>=cmd|' /C calc'!A0\"\u{1}&<x".to_owned();
        channel.native_id = "=1+1".to_owned();
    }
    let told = tell(&leak);
    for graph in [gexf(&told), graphml(&told)] {
        assert_eq!(graph.matches("</node>").count(), 2, "{graph}");
        assert!(!graph.contains('\u{1}') && !graph.contains("&<"), "{graph}");
    }
    let csv = hops_csv(&told);
    assert!(!csv.contains(",=1+1") && csv.contains("'=1+1"), "{csv}");
}

#[test]
fn a_request_names_posts_files_accounts_and_what_is_missing() {
    let told = tell(&leak());
    let files = request(&told, &BTreeSet::new());
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["discord.txt", "discord.csv", "telegram.txt", "telegram.csv", "preserve.csv"]);
    let discord = &files[1].1;
    assert!(discord.starts_with("asked,space,channel_id"), "{discord}");
    for part in [
        "\r\npost,",
        "\r\nfile,",
        "\r\naccount,",
        "\r\nmissing file,",
        "gone.jpg",
        "2023-01-27T13:56:33.652Z",
    ] {
        assert!(discord.contains(part), "{part}: {discord}");
    }
    assert!(
        files[3].1.contains("missing channel,") && files[3].1.contains("Deep <Archive>"),
        "{}",
        files[3].1
    );
    assert!(files[0].1.contains("Posts that show the sheets (2)"), "{}", files[0].1);
    // About one sheet only.
    let slide = told
        .families
        .iter()
        .find(|family| family.appearances.len() == 2 && family.pictures.len() == 1)
        .unwrap();
    let about = request(&told, &BTreeSet::from([slide.id.clone()]));
    assert!(about[0].1.contains("Posts that show the sheets (1)"), "{}", about[0].1);
}

#[test]
fn addresses_that_expire_are_listed_by_their_time() {
    let mut leak = leak();
    leak.posts[1].text = "https://cdn.discordapp.com/attachments/1/2/b.png?ex=65a1b2c4&is=1&hm=3&".to_owned();
    leak.attachments[1].declared.reference =
        "https://cdn.discordapp.com/attachments/1/2/a.png?ex=65a1b2c3&is=1&hm=3&".to_owned();
    let files = request(&tell(&leak), &BTreeSet::new());
    let rows: Vec<&str> = files.last().unwrap().1.lines().collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[1].starts_with("2024-01-12T21:44:35Z,") && rows[1].contains("gone.jpg"), "{rows:?}");
    assert!(rows[2].contains("b.png") && rows[2].contains("an address in the words of a post"), "{rows:?}");
}
