"""The sealing core: envelopes, receipts, personal keys, proofs, tickets and proof of work as functions of bytes."""
