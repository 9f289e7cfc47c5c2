"""A simulation of a list's life: people, GitHub and the bot, from a seed.

Days go by on the stand-in's clock. People propose, edit, accept in bursts, merge, tick boxes, break
main and fix it; GitHub loses, doubles and delays events, fails in the middle of a run, and keeps
one running and one waiting run of a group. The bot's flows run in this process, in fresh clones, as
in tests/flows. Every evening all comes to rest, one sweep runs, and `checks` looks at the whole.

    make life SEEDS=24 DAYS=14
"""
