//! Variables declared so far, by name.

use rustc_hash::FxHashMap;

use super::Shape;

/// A stack of variables; a later one hides an earlier one of its name.
#[derive(Debug, Default)]
pub(super) struct Variables<'x> {
    names: Vec<&'x str>,
    /// For each name, the places in `names` and what is there.
    places: FxHashMap<&'x str, Vec<(usize, Shape)>>,
}

impl<'x> Variables<'x> {
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn push(&mut self, name: &'x str, shape: Shape) {
        self.places
            .entry(name)
            .or_default()
            .push((self.names.len(), shape));
        self.names.push(name);
    }

    /// Forgets all but the first `len`.
    pub(super) fn truncate(&mut self, len: usize) {
        for name in self.names.drain(len.min(self.names.len())..) {
            if let Some(places) = self.places.get_mut(name) {
                places.pop();
            }
        }
    }

    /// What the variable is, if it was declared as the one of number `base` or later.
    pub(super) fn get(&self, name: &str, base: usize) -> Option<Shape> {
        let (at, shape) = self.places.get(name)?.last()?;
        (*at >= base).then_some(*shape)
    }

    /// From here on nothing is known of the variable but that it is there.
    pub(super) fn forget(&mut self, name: &str) {
        if let Some((_, shape)) = self
            .places
            .get_mut(name)
            .and_then(|places| places.last_mut())
        {
            *shape = Shape::Any;
        }
    }

    /// Those declared since there were `len`: what `range` sets them to, keys or numbers first and an element last.
    pub(super) fn ranged(&mut self, len: usize, element: Shape) {
        let count = self.names.len();
        for (at, name) in self.names.iter().enumerate().skip(len) {
            if let Some(last) = self
                .places
                .get_mut(name)
                .and_then(|places| places.last_mut())
            {
                last.1 = if at + 1 == count { element } else { Shape::Any };
            }
        }
    }
}
