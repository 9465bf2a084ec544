//! Ctrl-C and SIGTERM: the first asks to stop and keeps all that is finished, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

/// A flag that is set by the first signal. To be called once.
pub(crate) fn flag() -> &'static AtomicBool {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Registered first, runs first: it ends the process only once the flag stands, that is at the second signal.
        let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&flag));
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
    }
    Box::leak(Box::new(flag))
}

/// Whether it was set.
pub(crate) fn asked(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed)
}
