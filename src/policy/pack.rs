//! Packs of policies that come with the program.

use std::sync::Arc;

use super::parse::parse;
use super::{PolicyFile, PolicyRule};
use crate::source::Source;

/// A pack.
#[derive(Debug, Clone, Copy)]
pub struct Pack {
    /// What `extends = ["pack:NAME"]` calls it.
    pub name: &'static str,
    /// Its policy file.
    pub text: &'static str,
}

macro_rules! pack {
    ($name:literal) => {
        Pack {
            name: $name,
            text: include_str!(concat!("../../rules/packs/", $name, ".yaml")),
        }
    };
}

/// All of them.
pub const PACKS: &[Pack] = &[
    pack!("ownership"),
    pack!("naming"),
    pack!("slo"),
    pack!("runbooks"),
    pack!("alert-style"),
    pack!("promruval"),
    pack!("kubernetes"),
    pack!("gpu-and-ml"),
];

/// The pack of this name.
pub fn find(name: &str) -> Option<&'static Pack> {
    PACKS.iter().find(|pack| pack.name == name)
}

impl Pack {
    /// Its file as findings about it show it.
    pub(crate) fn source(&self) -> Arc<Source> {
        Arc::new(Source::new(format!("pack:{}", self.name), None, self.text))
    }
}

impl Pack {
    /// What it is for.
    pub fn description(&self) -> Option<String> {
        self.file().description
    }

    /// Its rules.
    pub fn rules(&self) -> Vec<Arc<PolicyRule>> {
        self.file().rules
    }

    /// Its file, read.
    pub(crate) fn file(&self) -> PolicyFile {
        parse(&self.source())
    }
}
