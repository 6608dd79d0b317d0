#!/bin/sh
# The layer check of this tree, as a test.
exec scripts/check-layers.sh
