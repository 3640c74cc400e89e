//! stub
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::model::ParsedFile;
pub fn apply(_: &ParsedFile, _: &Settings, _: &mut [Diagnostic]) {}
