//! What a secret is: by the name of its key, by its text, by where it stands. Rules that tell of secrets and reports that hide them
//! ask the same questions here, so that nothing is told that is also shown.

mod address;
mod mask;
mod name;
mod shape;
mod signs;
mod value;
mod values;
mod walk;

pub(crate) use address::in_address;
pub use mask::{masked, masked_words};
pub(crate) use name::{Names, is_secret_name, of_receiver};
pub(crate) use value::{Value, is_reference};
pub use values::SecretValues;
pub(crate) use walk::{Held, held};
