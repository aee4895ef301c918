//! Writes small networks: as much of ONNX's protocol buffers (onnx.proto, IR version 9) as they take.

/// One input and some outputs, each computed from the input by some operators in a row.
pub struct Network<'a> {
    /// Dimensions of the input; `None` is open.
    pub input: &'a [Option<u64>],
    /// `FLOAT` is 1, `DOUBLE` is 11: `TensorProto.DataType`.
    pub input_type: u64,
    /// What it gives.
    pub outputs: &'a [Output<'a>],
}

/// Name, declared dimensions, and the operators that make it of the input.
pub type Output<'a> = (&'a str, &'a [Option<u64>], &'a [&'a str]);

impl Network<'_> {
    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut graph = Vec::new();
        for (output, _, operators) in self.outputs {
            let mut from = "input".to_owned();
            for (at, operator) in operators.iter().enumerate() {
                let is_last = at + 1 == operators.len();
                let to = if is_last { (*output).to_owned() } else { format!("{output}.{at}") };
                let node = [text(1, &from), text(2, &to), text(4, operator)].concat();
                graph.extend(field(1, &node));
                from = to;
            }
        }
        graph.extend(text(2, "net"));
        graph.extend(field(11, &value("input", self.input, self.input_type)));
        for (name, shape, _) in self.outputs {
            graph.extend(field(12, &value(name, shape, self.input_type)));
        }
        let opset = field(8, &number(2, 17));
        [number(1, 9), field(7, &graph), opset].concat()
    }
}

/// A `ValueInfoProto`.
fn value(name: &str, shape: &[Option<u64>], data_type: u64) -> Vec<u8> {
    let dimension = |side: &Option<u64>| match side {
        Some(side) => field(1, &number(1, *side)),
        None => field(1, &text(2, "any")),
    };
    let shape: Vec<u8> = shape.iter().flat_map(dimension).collect();
    let tensor = [number(1, data_type), field(2, &shape)].concat();
    [text(1, name), field(2, &field(1, &tensor))].concat()
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7F {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn number(tag: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    varint(tag << 3, &mut out);
    varint(value, &mut out);
    out
}

fn field(tag: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    varint(tag << 3 | 2, &mut out);
    varint(bytes.len() as u64, &mut out);
    out.extend_from_slice(bytes);
    out
}

fn text(tag: u64, text: &str) -> Vec<u8> {
    field(tag, text.as_bytes())
}
