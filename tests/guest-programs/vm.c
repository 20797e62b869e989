// A register machine's interpreter loop: one indirect jump per bytecode, taken from a table.
// The program it runs finds, for every start below a limit, the length of its Collatz sequence.
#include "bench.h"

enum opcode { LoadImmediate, Move, Add, AddImmediate, ShiftRight, AndImmediate, Triple, Xor, Store, Load,
              JumpIfZero, JumpIfNot, JumpIfLess, Jump, Halt };

struct instruction {
    uint8_t op, a, b, c;
    int32_t immediate;
};

enum { N, X, Length, Bit, Limit, One, Sum, Old, Registers };

static const struct instruction s_program[] = {
    /* 0 */ { LoadImmediate, N, 0, 0, 1 },
    /* 1 */ { LoadImmediate, Limit, 0, 0, 400 },
    /* 2 */ { LoadImmediate, One, 0, 0, 1 },
    /* 3 */ { LoadImmediate, Sum, 0, 0, 0 },
    /* 4: next start */ { Move, X, N, 0, 0 },
    /* 5 */ { LoadImmediate, Length, 0, 0, 0 },
    /* 6: next step */ { AndImmediate, Bit, X, 0, 1 },
    /* 7 */ { AddImmediate, Length, Length, 0, 1 },
    /* 8 */ { JumpIfZero, Bit, 0, 0, 12 },
    /* 9 */ { Triple, X, X, 0, 0 },
    /* 10 */ { AddImmediate, X, X, 0, 1 },
    /* 11 */ { Jump, 0, 0, 0, 13 },
    /* 12: even */ { ShiftRight, X, X, 0, 1 },
    /* 13 */ { JumpIfNot, X, One, 0, 6 },
    /* 14 */ { Load, Old, N, 0, 0 },
    /* 15 */ { Xor, Old, Old, Length, 0 },
    /* 16 */ { Store, Old, N, 0, 0 },
    /* 17 */ { Add, Sum, Sum, Old, 0 },
    /* 18 */ { AddImmediate, N, N, 0, 1 },
    /* 19 */ { JumpIfLess, N, Limit, 0, 4 },
    /* 20 */ { Halt, 0, 0, 0, 0 },
};

static uint64_t s_memory[512];

static uint64_t interpret(const struct instruction *program)
{
    uint64_t r[Registers] = { 0 }, executed = 0;
    const struct instruction *i = program;
    for (;;) {
        executed++;
        switch (i->op) {
        case LoadImmediate: r[i->a] = (uint64_t)i->immediate; i++; break;
        case Move: r[i->a] = r[i->b]; i++; break;
        case Add: r[i->a] = r[i->b] + r[i->c]; i++; break;
        case AddImmediate: r[i->a] = r[i->b] + (uint64_t)i->immediate; i++; break;
        case ShiftRight: r[i->a] = r[i->b] >> i->immediate; i++; break;
        case AndImmediate: r[i->a] = r[i->b] & (uint64_t)i->immediate; i++; break;
        case Triple: r[i->a] = r[i->b] * 3; i++; break;
        case Xor: r[i->a] = r[i->b] ^ r[i->c]; i++; break;
        case Store: s_memory[r[i->b] & 511] = r[i->a]; i++; break;
        case Load: r[i->a] = s_memory[r[i->b] & 511]; i++; break;
        case JumpIfZero: i = r[i->a] == 0 ? program + i->immediate : i + 1; break;
        case JumpIfNot: i = r[i->a] != r[i->b] ? program + i->immediate : i + 1; break;
        case JumpIfLess: i = r[i->a] < r[i->b] ? program + i->immediate : i + 1; break;
        case Jump: i = program + i->immediate; break;
        case Halt: return bench_mix(r[Sum], executed);
        default: abort();
        }
    }
}

static uint64_t unit(void)
{
    for (int i = 0; i < 512; i++)
        s_memory[i] = (uint64_t)i * 2654435761u;
    return interpret(s_program);
}

int main(int argc, char **argv)
{
    return bench_run("vm", unit, 500, UINT64_C(0xcd1f89a6def0914c), argc, argv);
}
