"""Brief, segment and passages become a draft; a variant becomes an edition."""
