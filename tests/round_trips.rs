//! Round trips, counted on the wire.
