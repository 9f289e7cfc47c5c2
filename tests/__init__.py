"""Tests of kdbot, a package so that areas can share the stand-ins."""
