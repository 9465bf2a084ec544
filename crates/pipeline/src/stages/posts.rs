use case::{Derived, Rows};
use model::{ChannelId, Hasher, Listing, Noun, Record, RunId, Yield};

use crate::error::Result;
use crate::stage::{Desk, Stage};

/// Makes one post of its records, one channel of its listings.
pub(crate) struct Posts;

/// A channel, and the runs that told of it.
pub(crate) struct Told {
    channel: ChannelId,
    runs: Vec<RunId>,
}

impl Told {
    pub(super) fn channel(&self) -> ChannelId {
        self.channel
    }

    fn of(derived: &Derived, channel: ChannelId) -> Result<Self> {
        // Every run that yields records of a channel yields its listing as well.
        let runs = derived.runs_behind(Listing::KIND, Some(channel.into()))?;
        Ok(Self { channel, runs })
    }
}

impl Stage for Posts {
    const NAME: &'static str = "posts";
    const VERSION: u32 = 2;
    const SAYS: &'static str = "merges the exports of each channel";
    type Input = Told;

    fn inputs(&self, case: &case::Case) -> Result<Vec<Told>> {
        let channels = case.derived().owners(Listing::KIND)?;
        channels.into_iter().map(|channel| Told::of(case.derived(), channel.into())).collect()
    }

    fn name(&self, told: &Told) -> String {
        told.channel.to_string()
    }

    fn depends(&self, told: &Told, on: &mut Hasher) {
        for run in &told.runs {
            on.id(*run);
        }
    }

    fn work(&self, told: &Told, desk: &Desk) -> Result<Yield<Rows>> {
        let listings: Vec<Listing> = desk.derived.of(told.channel)?;
        let mut rows = Rows::default();
        let (mut records, mut posts): (Vec<Record>, u64) = (Vec::new(), 0);
        let mut merge = |records: &mut Vec<Record>, rows: &mut Rows| {
            let merged = intake::merge_posts(records, &listings);
            records.clear();
            posts += u64::from(merged.is_some());
            merged.map_or(Ok(()), |post| rows.put(&post))
        };
        // Records of one post stand together.
        desk.derived.each_of(told.channel, |record: Record| {
            if records.last().is_some_and(|last| last.post.id != record.post.id) {
                merge(&mut records, &mut rows)?;
            }
            records.push(record);
            Ok(())
        })?;
        merge(&mut records, &mut rows)?;
        rows.put(&intake::merge_listings(&listings, posts))?;
        Ok(Yield::clean(rows))
    }
}
