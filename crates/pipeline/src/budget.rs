use std::sync::{Condvar, Mutex, PoisonError};

/// A bound on what all threads together hold in pixels, so that memory does not grow with the number of cores.
pub(crate) struct Budget {
    free: Mutex<u64>,
    freed: Condvar,
    whole: u64,
}

/// A share of the budget, given back when dropped.
pub(crate) struct Share<'a> {
    budget: &'a Budget,
    amount: u64,
}

impl Budget {
    pub(crate) fn new(whole: u64) -> Self {
        Self { free: Mutex::new(whole), freed: Condvar::new(), whole }
    }

    /// Waits until `amount` is free; what is more than the whole waits for the whole.
    pub(crate) fn take(&self, amount: u64) -> Share<'_> {
        let amount = amount.min(self.whole);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < amount {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= amount;
        Share { budget: self, amount }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.amount;
        self.budget.freed.notify_all();
    }
}
