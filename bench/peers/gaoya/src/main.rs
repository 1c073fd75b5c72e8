// Signatures and candidates by gaoya with its 128 = 16x8 bands over character 5-grams, threshold 0.7.
// Reads JSON lines with `text` on standard input.
use gaoya::minhash::{MinHashIndex, MinHasher32, MinHasher};
use gaoya::text::shingle_text;
use std::io::BufRead;
fn main() {
    let texts: Vec<String> = std::io::stdin().lock().lines().map(|l| {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        v["text"].as_str().unwrap().to_lowercase()
    }).collect();
    let start = std::time::Instant::now();
    let hasher = MinHasher32::new(16 * 8);
    let mut index = MinHashIndex::new(16, 8, 0.7);
    let mut met = 0usize;
    for (i, t) in texts.iter().enumerate() {
        let s = hasher.create_signature(shingle_text(t, 5));
        met += index.query(&s).len();
        index.insert(i, s);
    }
    println!("{{\"documents\":{},\"cpu_seconds\":{:.3},\"candidates\":{}}}", texts.len(), start.elapsed().as_secs_f64(), met); // one thread: wall time
}
