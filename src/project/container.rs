//! Which folders of the repository stand where in a container: the volumes of Docker Compose files and what Dockerfiles
//! copy, where they say it plainly.

use std::path::{Component, Path, PathBuf};

use crate::source::{Source, format};
use crate::syntax::{self, Dialect, Kind, NodeRef};

/// One container, as a service of a Compose file or a Dockerfile describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Folders (or files) of the repository, and where they stand in it.
    pub binds: Vec<Bind>,
}

/// A folder of the repository in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// The folder in the repository.
    pub folder: PathBuf,
    /// Its path in the container.
    pub target: String,
}

/// What a file of such a name describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Compose,
    Dockerfile,
}

fn form(path: &Path) -> Option<Form> {
    let name = path.file_name()?.to_str()?;
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    if yaml && name.contains("compose") {
        return Some(Form::Compose);
    }
    format::is_dockerfile(path).then_some(Form::Dockerfile)
}

/// The containers that a file describes.
pub(super) fn containers(source: &Source) -> Vec<Container> {
    let Some(path) = source.location.as_deref() else {
        return Vec::new();
    };
    let (Some(form), Some(folder)) = (form(path), path.parent()) else {
        return Vec::new();
    };
    let found = match form {
        Form::Compose => compose(source, folder),
        Form::Dockerfile => vec![dockerfile(&source.text, folder)],
    };
    found
        .into_iter()
        .filter(|container| !container.binds.is_empty())
        .collect()
}

/// The services of a Compose file (compose-spec, 05-services.md: the short and the long form of `volumes`).
fn compose(source: &Source, folder: &Path) -> Vec<Container> {
    if !source.text.contains("volumes") {
        return Vec::new();
    }
    let tree = syntax::parse(source.text.clone(), Dialect::Yaml);
    let services = tree.root().and_then(|root| root.get("services"));
    let services = services.into_iter().flat_map(NodeRef::members);
    services
        .map(|service| {
            let volumes = service.get("volumes").into_iter();
            Container {
                binds: volumes
                    .flat_map(NodeRef::items)
                    .filter_map(|volume| bind(volume, folder))
                    .collect(),
            }
        })
        .collect()
}

fn bind(volume: NodeRef<'_>, folder: &Path) -> Option<Bind> {
    let said = |key: &str| Some(volume.get(key)?.as_str()?.into_owned());
    let (from, target) = if volume.kind() == Kind::Object {
        (said("source")?, said("target")?)
    } else {
        let text = volume.as_str()?;
        let mut parts = text.split(':');
        (parts.next()?.to_owned(), parts.next()?.to_owned())
    };
    // A plain name is a volume that Docker keeps.
    let path = from.starts_with('.') || from.contains('/');
    (path && target.starts_with('/')).then_some(())?;
    Some(Bind {
        folder: below(folder, &from)?,
        target,
    })
}

/// What a Dockerfile copies from the folder it stands in (Dockerfile reference, COPY and ADD).
fn dockerfile(text: &str, folder: &Path) -> Container {
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let copies = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let verb = words.next()?;
        if !verb.eq_ignore_ascii_case("COPY") && !verb.eq_ignore_ascii_case("ADD") {
            return None;
        }
        let mut words: Vec<&str> = words.collect();
        // What another stage built is not in the repository.
        if words.iter().any(|word| word.starts_with("--from")) {
            return None;
        }
        words.retain(|word| !word.starts_with("--"));
        let target = words.pop().filter(|target| target.starts_with('/'))?;
        Some((words, target))
    });
    let binds = copies.flat_map(|(from, target)| {
        let bind = move |from: &str| {
            Some(Bind {
                folder: below(folder, from)?,
                target: target.to_owned(),
            })
        };
        from.into_iter().filter_map(bind)
    });
    Container {
        binds: binds.collect(),
    }
}

/// `path` below `folder`, if it is plain: no variable, no pattern, not of the machine.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    if path.starts_with(['/', '~', '[']) || path.contains(['$', '*', '?']) {
        return None;
    }
    let mut found = folder.to_path_buf();
    for part in Path::new(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                found.pop().then_some(())?;
            }
            part => found.push(part),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::containers;
    use crate::source::Source;

    fn binds(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, Some(PathBuf::from(path)), text);
        let shown = |container: &super::Container| {
            let binds = container.binds.iter();
            let shown: Vec<_> = binds
                .map(|bind| format!("{}:{}", bind.folder.display(), bind.target))
                .collect();
            shown.join(" ")
        };
        containers(&source).iter().map(shown).collect()
    }

    #[test]
    fn volumes_of_services() {
        let text = "services:\n  db: {image: db, volumes: ['data:/var/lib/db']}\n  grafana:\n    volumes:\n      \
                    - ./grafana/dashboards:/var/lib/grafana/dashboards:ro\n      - data:/var/lib/grafana\n      \
                    - ${ROOT}/x:/x\n      - /srv/y:/y\n      - {type: bind, source: ../up, target: /up}\n";
        assert_eq!(
            binds("/repo/deploy/docker-compose.yml", text),
            ["/repo/deploy/grafana/dashboards:/var/lib/grafana/dashboards /repo/up:/up"]
        );
    }

    #[test]
    fn copies_of_a_dockerfile() {
        let text = "FROM grafana/grafana\nCOPY --chown=472 \\\n  dashboards /etc/grafana/dashboards\nADD a b /c/\n\
                    COPY --from=build /out /out\nCOPY x relative\nCOPY [\"j\", \"/j\"]\nCOPY $WHAT /w\n";
        assert_eq!(
            binds("/repo/Dockerfile", text),
            ["/repo/dashboards:/etc/grafana/dashboards /repo/a:/c/ /repo/b:/c/"]
        );
    }
}
