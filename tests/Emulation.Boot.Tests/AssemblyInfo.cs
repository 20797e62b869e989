// a boot keeps about one processor busy, and two of them most machines for tests
[assembly: LevelOfParallelism(2)]
