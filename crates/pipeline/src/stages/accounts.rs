use std::collections::{BTreeMap, BTreeSet};

use case::Rows;
use model::{Account, AccountId, Author, Channel, Hasher, Post, Record, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};
use crate::stages::Everything;
use crate::stages::exports::Exports;
use crate::stages::posts::Posts;

/// Gathers who posted, under which names.
pub(crate) struct Accounts;

impl Stage for Accounts {
    const NAME: &'static str = "accounts";
    const VERSION: u32 = 1;
    const SAYS: &'static str = "gathers accounts";
    type Input = Everything;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Everything>> {
        Everything::of(case.derived(), &[Exports::NAME, Posts::NAME])
    }

    fn name(&self, everything: &Everything) -> String {
        everything.name()
    }

    fn depends(&self, everything: &Everything, on: &mut Hasher) {
        on.bytes(&everything.on);
    }

    fn work(&self, _: &Everything, desk: &Desk) -> Result<Yield<Rows>> {
        let mut platforms = BTreeMap::new();
        desk.derived.each(|channel: Channel| {
            platforms.insert(channel.id, channel.platform);
            Ok(())
        })?;
        let mut names: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
        desk.derived.each(|record: Record| {
            if let Some(Author { account, name, .. }) = record.post.author {
                let known = names.entry(account).or_default();
                if !known.contains(&name) {
                    known.insert(name);
                }
            }
            Ok(())
        })?;
        let mut accounts: BTreeMap<AccountId, Account> = BTreeMap::new();
        desk.derived.each(|post: Post| {
            if let Some(Author { account, native_id, name }) = post.author {
                let platform = platforms.get(&post.channel).cloned().unwrap_or_default();
                let names = names.get(&account).map(|names| names.iter().cloned().collect());
                let first = || Account {
                    id: account,
                    platform,
                    native_id,
                    names: names.unwrap_or(vec![name]),
                    posts: 0,
                };
                accounts.entry(account).or_insert_with(first).posts += 1;
            }
            Ok(())
        })?;
        let mut rows = Rows::default();
        accounts.values().try_for_each(|account| rows.put(account))?;
        Ok(Yield::clean(rows))
    }
}
