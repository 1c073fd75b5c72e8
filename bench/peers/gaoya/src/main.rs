// Signatures and candidates by gaoya over character 5-grams: peer own|chars|equal [OWNERS].
// own: 42 bands of 3 and an estimate of 0.5, as in its README; chars: 16 of 8, 0.7; equal: 64 of 3, 0.5.
// Reads JSON lines with `text` on standard input. Loading is not counted.
use gaoya::minhash::{MinHashIndex, MinHasher, MinHasher32};
use gaoya::text::shingle_text;
use std::io::BufRead;

// CPU seconds of the process, user and system, to a hundredth: fields 14 and 15 of /proc/self/stat.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = &stat[stat.rfind(')').unwrap() + 2..];
    let ticks: u64 = after.split(' ').skip(11).take(2).map(|f| f.parse::<u64>().unwrap()).sum();
    ticks as f64 / 100.0
}

fn root(owners: &[usize], mut i: usize) -> usize {
    while owners[i] != i {
        i = owners[i];
    }
    i
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (bands, rows, threshold) = match args[1].as_str() {
        "own" => (42, 3, 0.5),
        "chars" => (16, 8, 0.7),
        _ => (64, 3, 0.5),
    };
    let texts: Vec<String> = std::io::stdin()
        .lock()
        .lines()
        .map(|l| {
            let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
            v["text"].as_str().unwrap().to_lowercase()
        })
        .collect();
    let start = cpu();
    let hasher = MinHasher32::new(bands * rows);
    let mut index = MinHashIndex::new(bands, rows, threshold);
    let mut met = 0usize;
    let mut removed = 0usize;
    let all = args.len() > 2; // merge every match, as peers.py does
    let mut owners: Vec<usize> = Vec::new();
    for (i, t) in texts.iter().enumerate() {
        let s = hasher.create_signature(shingle_text(t, 5));
        let found = index.query(&s);
        met += found.len();
        let matches: Vec<usize> = found.into_iter().copied().collect();
        owners.push(i);
        for &j in &matches {
            let (a, b) = (root(&owners, i), root(&owners, j));
            owners[a.max(b)] = a.min(b);
        }
        if !matches.is_empty() {
            removed += 1;
        }
        if all || matches.is_empty() {
            index.insert(i, s);
        }
    }
    println!(
        "{{\"documents\": {}, \"cpu_seconds\": {:.2}, \"candidates\": {}, \"removed\": {}}}",
        texts.len(), cpu() - start, met, removed
    );
    if let Some(path) = args.get(2) {
        let roots: Vec<usize> = (0..owners.len()).map(|i| root(&owners, i)).collect();
        std::fs::write(path, format!("{:?}", roots)).unwrap();
    }
}
