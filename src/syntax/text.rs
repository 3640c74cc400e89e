//! Decoded text and the way back to the bytes it was written with.

use std::borrow::Cow;

use crate::span::Span;

/// One stretch of a decoded text.
///
/// It begins at byte `decoded` of the decoded text and was written as `source_len` bytes from `source` on. Where
/// `source_len` equals the decoded length of the stretch (which runs to the next segment), the two are the same bytes;
/// otherwise the whole stretch stands for the whole of those bytes (an escape, a folded line break).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Start in the decoded text.
    pub decoded: u32,
    /// Start in the text it was written in.
    pub source: u32,
    /// Number of bytes it was written as.
    pub source_len: u32,
}

/// How byte ranges of a decoded text map to the text it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Map<'t> {
    /// Byte for byte, from this offset on.
    Shift(u32),
    /// Stretch by stretch: segments in order, and the length of the decoded text.
    Segments(Cow<'t, [Segment]>, u32),
    /// Nothing finer is known than the whole: every range maps to this one.
    Whole(Span),
}

impl Map<'_> {
    /// Where the bytes `span` of the decoded text were written. An empty range maps to the place between the bytes
    /// around it (before the byte that follows, or after the last one).
    pub fn source(&self, span: Span) -> Span {
        match self {
            Map::Shift(by) => span.shift(*by as usize),
            Map::Whole(whole) => *whole,
            Map::Segments(segments, len) => {
                let start = start_of(segments, *len, span.start);
                if span.is_empty() {
                    return Span { start, end: start };
                }
                let end = end_of(segments, *len, span.end);
                Span {
                    start,
                    end: end.max(start),
                }
            }
        }
    }

    /// [`Map::source`], where the range begins and ends at a place that has one in the source: not within what is
    /// written as one escape or one line break.
    pub fn exact(&self, span: Span) -> Option<Span> {
        if let Map::Whole(_) = self {
            return None;
        }
        let whole = |offset: u32| match self {
            Map::Segments(segments, len) => {
                let after = segments.partition_point(|segment| segment.decoded < offset);
                let Some(at) = after.checked_sub(1) else {
                    return true;
                };
                let decoded = decoded_len(segments, *len, at);
                decoded == segments[at].source_len || offset >= segments[at].decoded + decoded
            }
            _ => true,
        };
        (whole(span.start) && whole(span.end)).then(|| self.source(span))
    }

    /// The ends of the stretches around `span` of the text `decoded` within which nothing is folded: where the last
    /// line break before it may end and the first one after it may begin (an escape for white space counts as one, for
    /// the map cannot tell them apart). `None` is the end of the text.
    pub(crate) fn folds_around(&self, span: Span, decoded: &str) -> (Option<u32>, Option<u32>) {
        let Map::Segments(segments, len) = self else {
            return (None, None);
        };
        let end_of = |at: usize| segments[at].decoded + decoded_len(segments, *len, at);
        let fold = |at: usize| {
            let range = segments[at].decoded as usize..end_of(at) as usize;
            segments[at].source_len as usize != range.len()
                && decoded
                    .get(range)
                    .is_some_and(|text| text.trim_matches([' ', '\n']).is_empty())
        };
        let apart = |at: usize| {
            let end = segments[at].source + segments[at].source_len;
            segments.get(at + 1).is_some_and(|next| next.source != end)
        };
        let first = segments.partition_point(|segment| segment.decoded < span.start);
        let before = (0..first)
            .rev()
            .find(|&at| end_of(at) <= span.start && (fold(at) || apart(at)))
            .map(end_of);
        let next = segments.partition_point(|segment| segment.decoded < span.end);
        let after = (next.saturating_sub(1)..segments.len()).find_map(|at| {
            if end_of(at) < span.end {
                None
            } else if segments[at].decoded >= span.end && fold(at) {
                Some(segments[at].decoded)
            } else {
                apart(at).then(|| end_of(at))
            }
        });
        (before, after)
    }

    /// Whether `span` lies within one stretch that is written as it is.
    pub(crate) fn one_piece(&self, span: Span) -> bool {
        let Map::Segments(segments, len) = self else {
            return matches!(self, Map::Shift(_));
        };
        let after = segments.partition_point(|segment| segment.decoded <= span.start);
        (after.saturating_sub(2)..after).any(|at| {
            let decoded = decoded_len(segments, *len, at);
            segments[at].source_len == decoded
                && segments[at].decoded <= span.start
                && span.end <= segments[at].decoded + decoded
        })
    }

    /// The map without its borrow.
    pub fn into_owned(self) -> Map<'static> {
        match self {
            Map::Shift(by) => Map::Shift(by),
            Map::Whole(span) => Map::Whole(span),
            Map::Segments(segments, len) => Map::Segments(Cow::Owned(segments.into_owned()), len),
        }
    }
}

/// Decoded length of segment `at`.
fn decoded_len(segments: &[Segment], len: u32, at: usize) -> u32 {
    let next = segments.get(at + 1).map_or(len, |next| next.decoded);
    next.saturating_sub(segments[at].decoded)
}

fn start_of(segments: &[Segment], len: u32, offset: u32) -> u32 {
    let after = segments.partition_point(|segment| segment.decoded <= offset);
    let Some(at) = after.checked_sub(1) else {
        return segments.first().map_or(0, |segment| segment.source);
    };
    let segment = segments[at];
    let into = offset - segment.decoded;
    let whole = decoded_len(segments, len, at);
    if into >= whole {
        segment.source + segment.source_len
    } else if whole == segment.source_len {
        segment.source + into
    } else {
        segment.source
    }
}

fn end_of(segments: &[Segment], len: u32, offset: u32) -> u32 {
    // The end of the byte before `offset`.
    let last = offset.saturating_sub(1);
    let after = segments.partition_point(|segment| segment.decoded <= last);
    let Some(at) = after.checked_sub(1) else {
        return segments.first().map_or(0, |segment| segment.source);
    };
    let segment = segments[at];
    if decoded_len(segments, len, at) == segment.source_len {
        segment.source + (offset - segment.decoded).min(segment.source_len)
    } else {
        segment.source + segment.source_len
    }
}

/// A decoded string and its way back: what [`crate::syntax::NodeRef::text`] hands out.
#[derive(Debug, Clone)]
pub struct Text<'t> {
    /// The decoded string.
    pub value: Cow<'t, str>,
    /// From bytes of `value` to bytes of the text the tree was parsed from.
    pub map: Map<'t>,
}

impl Text<'_> {
    /// Where the bytes `span` of the value stand in the tree's text.
    pub fn source(&self, span: Span) -> Span {
        self.map.source(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_map_to_the_whole_escape() {
        // ab\ncd, written from offset 10 as `ab\ncd` with a two-byte escape.
        let segments = vec![
            Segment {
                decoded: 0,
                source: 10,
                source_len: 2,
            },
            Segment {
                decoded: 2,
                source: 12,
                source_len: 2,
            },
            Segment {
                decoded: 3,
                source: 14,
                source_len: 2,
            },
        ];
        let map = Map::Segments(Cow::Owned(segments), 5);
        assert_eq!(map.source(Span::new(0, 2)), Span::new(10, 12));
        assert_eq!(map.source(Span::new(2, 3)), Span::new(12, 14));
        assert_eq!(map.source(Span::new(1, 4)), Span::new(11, 15));
        assert_eq!(map.source(Span::new(5, 5)), Span::new(16, 16));
        assert_eq!(map.source(Span::new(3, 3)), Span::new(14, 14));
    }
}
