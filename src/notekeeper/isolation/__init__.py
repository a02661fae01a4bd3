"""What a process gives up before it touches anything private: core dumps, onlookers, sockets, files it has no need of."""
