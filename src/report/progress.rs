//! A progress bar for runs that last.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(700);

/// Counts finished files; on a terminal, and once a run has lasted a while, shows them as a bar on standard error.
/// Shared by all threads.
#[derive(Debug)]
pub struct Progress {
    enabled: bool,
    since: Instant,
    done: AtomicU64,
    length: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// A bar that shows itself when it is `enabled` and standard error is a terminal.
    pub fn new(enabled: bool) -> Self {
        Progress {
            enabled: enabled && std::io::stderr().is_terminal(),
            since: Instant::now(),
            done: AtomicU64::new(0),
            length: AtomicU64::new(0),
            bar: OnceLock::new(),
        }
    }

    /// How many files there are. Said again, it begins to count anew: a second pass.
    pub fn length(&self, steps: u64) {
        self.length.store(steps, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        if let Some(bar) = self.bar.get() {
            bar.set_length(steps);
        }
    }

    /// One more is done.
    pub fn inc(&self) {
        if !self.enabled {
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.get().is_none() && self.since.elapsed() < PATIENCE {
            return;
        }
        self.bar.get_or_init(|| self.draw()).set_position(done);
    }

    /// Takes the bar away, so that the report stands alone.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn draw(&self) -> ProgressBar {
        let length = self.length.load(Ordering::Relaxed);
        // At most ten times a second: a terminal is slower than the work.
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = ProgressBar::with_draw_target(Some(length), target);
        if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {pos}/{len} files, {elapsed}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disabled_bar_never_comes_to_be() {
        let progress = Progress::new(false);
        progress.length(3);
        progress.inc();
        progress.finish();
        assert!(progress.bar.get().is_none());
    }
}
