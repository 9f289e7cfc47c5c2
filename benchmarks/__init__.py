"""Measurements of kdbot against floors and peers; they assert nothing."""
