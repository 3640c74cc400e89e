//! A reader for the part of TOML the facts are written in.

/// Keys with their values, in the order of the file.
pub(crate) type Table = Vec<(String, Value)>;

/// A value.
#[derive(Debug)]
pub(crate) enum Value {
    /// A string.
    Text(String),
    /// An integer or a float.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// An array.
    List(Vec<Value>),
    /// A table or an inline table.
    Table(Table),
}

/// The value of `key`.
pub(crate) fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Value> {
    table.iter().find(|(k, _)| k == key).map(|(_, v)| v)
}

/// The table called `key`, which must be there.
pub(crate) fn section<'t>(table: &'t Table, key: &str) -> Result<&'t Table, String> {
    match get(table, key) {
        Some(Value::Table(t)) => Ok(t),
        _ => Err(format!("no table `{key}`")),
    }
}

impl Value {
    /// The table this is.
    pub(crate) fn table(&self) -> Result<&Table, String> {
        match self {
            Value::Table(t) => Ok(t),
            other => Err(format!("expected a table, found {other:?}")),
        }
    }

    /// The string this is.
    pub(crate) fn text(&self) -> Result<&str, String> {
        match self {
            Value::Text(t) => Ok(t),
            other => Err(format!("expected a string, found {other:?}")),
        }
    }

    /// The number this is.
    pub(crate) fn number(&self) -> Result<f64, String> {
        match self {
            Value::Number(n) => Ok(*n),
            other => Err(format!("expected a number, found {other:?}")),
        }
    }

    /// The list this is.
    pub(crate) fn list(&self) -> Result<&[Value], String> {
        match self {
            Value::List(l) => Ok(l),
            other => Err(format!("expected a list, found {other:?}")),
        }
    }

    /// The strings of the list this is.
    pub(crate) fn texts(&self) -> Result<Vec<&str>, String> {
        self.list()?.iter().map(Value::text).collect()
    }
}

/// The string at `key`, or nothing.
pub(crate) fn text<'t>(table: &'t Table, key: &str) -> Result<Option<&'t str>, String> {
    get(table, key).map(Value::text).transpose()
}

/// The number at `key`, or nothing.
pub(crate) fn number(table: &Table, key: &str) -> Result<Option<f64>, String> {
    get(table, key).map(Value::number).transpose()
}

/// Whether `key` is true.
pub(crate) fn flag(table: &Table, key: &str) -> bool {
    matches!(get(table, key), Some(Value::Bool(true)))
}

/// Reads a file.
pub(crate) fn parse(text: &str) -> Result<Table, String> {
    let mut reader = Reader {
        rest: text,
        line: 1,
    };
    let mut file: Table = Vec::new();
    loop {
        reader.skip(true);
        if reader.rest.is_empty() {
            return Ok(file);
        }
        if reader.eat('[') {
            let name = reader.key()?;
            reader.expect(']')?;
            file.push((name, Value::Table(Vec::new())));
        } else {
            let entry = reader.entry()?;
            match file.last_mut() {
                Some((_, Value::Table(table))) if !table.iter().any(|(k, _)| *k == entry.0) => {
                    table.push(entry);
                }
                _ => return Err(reader.error("a key outside a table, or given twice")),
            }
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn error(&self, what: &str) -> String {
        format!("line {}: {what}", self.line)
    }

    fn bump(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip(&mut self, newlines: bool) {
        loop {
            let blank = self
                .rest
                .find(|c: char| !(c == ' ' || c == '\t' || newlines && (c == '\n' || c == '\r')))
                .unwrap_or(self.rest.len());
            self.bump(blank);
            if !newlines || !self.rest.starts_with('#') {
                return;
            }
            self.bump(self.rest.find('\n').unwrap_or(self.rest.len()));
        }
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.rest.starts_with(c);
        if found {
            self.bump(c.len_utf8());
        }
        found
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        self.skip(false);
        if self.eat(c) {
            Ok(())
        } else {
            Err(self.error(&format!("expected `{c}`")))
        }
    }

    fn entry(&mut self) -> Result<(String, Value), String> {
        let key = self.key()?;
        self.expect('=')?;
        Ok((key, self.value()?))
    }

    fn key(&mut self) -> Result<String, String> {
        self.skip(false);
        if self.rest.starts_with(['"', '\'']) {
            return self.string();
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(self.rest.len());
        if end == 0 {
            Err(self.error("expected a key"))
        } else {
            Ok(self.bump(end).to_owned())
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let quote = self.bump(1);
        let end = self
            .rest
            .find(quote)
            .ok_or_else(|| self.error("unclosed string"))?;
        let text = self.bump(end).to_owned();
        self.bump(1);
        if text.contains(['\n', '\\']) {
            return Err(self.error("escapes and line breaks are not used in the facts"));
        }
        Ok(text)
    }

    fn value(&mut self) -> Result<Value, String> {
        self.skip(false);
        if self.rest.starts_with(['"', '\'']) {
            return Ok(Value::Text(self.string()?));
        }
        if self.eat('[') {
            let mut list = Vec::new();
            loop {
                self.skip(true);
                if self.eat(']') {
                    return Ok(Value::List(list));
                }
                list.push(self.value()?);
                self.skip(true);
                if !self.eat(',') && !self.rest.starts_with(']') {
                    return Err(self.error("expected `,` or `]`"));
                }
            }
        }
        if self.eat('{') {
            let mut table = Vec::new();
            self.skip(false);
            if self.eat('}') {
                return Ok(Value::Table(table));
            }
            loop {
                table.push(self.entry()?);
                self.skip(false);
                if self.eat('}') {
                    return Ok(Value::Table(table));
                }
                self.expect(',')?;
            }
        }
        let end = self
            .rest
            .find([' ', ',', ']', '}', '\n', '\r', '#'])
            .unwrap_or(self.rest.len());
        match self.bump(end) {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            word => word
                .parse()
                .map(Value::Number)
                .map_err(|_| self.error("not a value")),
        }
    }
}

/// The parts of `a|[b|c]|d` between bars that stand in no brackets.
pub(crate) fn alternatives(kinds: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    kinds.split(move |c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        c == '|' && depth == 0
    })
}
