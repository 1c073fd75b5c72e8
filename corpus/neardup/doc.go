// Package neardup finds documents that are the same article: exactly, by keys that the caller makes, and nearly, by
// their texts. It has three parts, each of use alone:
//
//   - [Fingerprint] and [Set] are pure functions of one document: band keys for finding candidates, and the sets of
//     shingles that candidates are checked with.
//   - [Compare] decides about two documents and says by which rule.
//   - [Judge] takes entries of any number of documents and gives a verdict on each, with bounded memory.
//
// [Decontaminator] finds long runs of words that a text shares with given ones.
//
// Nothing here starts a goroutine, reads a clock or keeps state between calls.
package neardup
