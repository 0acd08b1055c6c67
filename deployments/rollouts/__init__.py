"""Rollouts as hawkBit has them: groups that open one after the other, each by how the last went.

A rollout is a deployment whose devices are in its groups from the beginning; a group is a phase
without a time, which opens when it is given one.
"""
