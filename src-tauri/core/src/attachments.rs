//! Proof and evidence files, sent and fetched in chunks.
