//! Files that say the same in another order and on other lines.

use serde_json::Value;

/// Numbers that look like chance and are the same each time (xorshift, Marsaglia 2003).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// Moves panels about, each within its row: rows among the panels hold what follows them.
pub fn shuffle_panels(value: &mut Value, random: &mut Random) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                if let Some(Value::Array(panels)) = object.get_mut("panels") {
                    for row in panels.split_mut(|panel| panel["type"] == "row") {
                        random.shuffle(row);
                    }
                }
                open.extend(object.values_mut());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// YAML further to the right.
pub fn reformat_yaml(text: &str) -> String {
    let mut new = String::new();
    for line in text.split_inclusive('\n') {
        let apart = ["---", "...", "%"]
            .iter()
            .any(|mark| line.starts_with(mark));
        if !apart && !line.trim().is_empty() {
            new.push_str("  ");
        }
        new.push_str(line);
    }
    new
}
