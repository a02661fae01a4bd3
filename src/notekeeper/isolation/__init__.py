"""What a process gives up before it touches anything private: core dumps, onlookers, sockets, files it has no need of.

What always holds: nothing here reads or writes anything of the therapist's; what a process gave up it does not get
back; where a system lacks a protection, the answer says so and the program goes on.
"""
