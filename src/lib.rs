//! dashlint.
