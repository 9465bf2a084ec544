//! The channels a leak may pass through.

use super::Recipe;
use crate::chat::Platform;
use crate::clock::{Day, Moment};

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Venue {
    pub platform: Platform,
    pub name: &'static str,
    pub guild: &'static str,
    /// Day of the story on which it takes up the matter.
    pub start: i64,
    pub private: bool,
    /// Its number on the platform, and the guild's.
    pub ids: (u64, u64),
    pub accounts: [&'static str; 5],
}

/// The day of the story's first post.
const FIRST: Day = Day::new(2026, 1, 20);

impl Venue {
    pub const fn opens(&self) -> Moment {
        Moment::noon(FIRST.plus(self.start))
    }
}

/// The venues of `recipe`, the private one first.
pub(super) fn all(recipe: &Recipe) -> Vec<Venue> {
    use Platform::{Discord, Imageboard, Telegram};
    let guild = (958_204_417_002_569_731, 1_004_883_120_557_129_904);
    let one = |platform, name, guild, start, ids, accounts| Venue {
        platform,
        name,
        guild,
        start,
        private: start == 0,
        ids,
        accounts,
    };
    let venues = [
        one(
            Discord,
            "back-room",
            "Tin Submarine Club",
            0,
            (958_204_418_130_841_602, guild.0),
            ["barnacle", "oatmeal_jr", "tin.can", "quartzy", "Ludo"],
        ),
        one(
            Telegram,
            "Quay Bulletin",
            "",
            16,
            (1_877_402_915, 0),
            ["editor", "night desk", "A.", "post bot", "editor"],
        ),
        one(
            Discord,
            "screens",
            "Harbour Sim Hub",
            8,
            (1_004_883_121_614_094_426, guild.1),
            ["pilotfish", "quartzy", "dredge99", "mooring", "salty_kez"],
        ),
        one(Imageboard, "k-61120400", "", 20, (61_120_400, 0), ["Anonymous"; 5]),
        one(
            Discord,
            "off-topic",
            "Harbour Sim Hub",
            11,
            (1_004_883_122_008_358_973, guild.1),
            ["dredge99", "salty_kez", "mooring", "keelhaul", "tin.can"],
        ),
        one(Telegram, "Lamplighter", "", 24, (2_103_556_480, 0), ["L.", "L.", "wick", "L.", "wick"]),
    ];
    venues[..recipe.channels.clamp(1, venues.len())].to_vec()
}
