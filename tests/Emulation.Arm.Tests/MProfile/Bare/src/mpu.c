// The MPU: violations of regions, subregions, priorities, background, never-execute, unprivileged accesses, handlers with negative priority.
#include "kit.h"

u32 resume;
static u32 faults, address_seen, status_seen, number_seen;
static u32 memory[4096] __attribute__((aligned(8192)));
static u32 stack[256] __attribute__((aligned(8)));

static void on_fault(frame *f, u32 exc_return, u32 number)
{
    (void)exc_return;
    number_seen = number;
#ifdef MAINLINE
    status_seen = CFSR;
    address_seen = (status_seen & 0x80) ? MMFAR : 0;
    CFSR = 0xffffffff;
    HFSR = 0xffffffff;
#endif
    faults++;
    f->pc = resume;
    f->xpsr = (f->xpsr & ~0x0600fc00u) | 0x01000000;
}

#define ACCESS(at, what)                                                                                              \
    __asm__ volatile("adr r5, 1f\n adds r5, #1\n str r5, [%1]\n mov r0, %0\n movs r2, #0\n" what "\n .balign 4\n 1:\n" \
                     : : "r"(at), "l"(&resume) : "r0", "r2", "r3", "r5", "lr", "cc", "memory")

static void result(char kind)
{
    digit(kind);
    if (faults) {
        digit('!');
        hex(status_seen);
        digit('@');
        hex(address_seen ? address_seen - (u32)memory : 0);
        digit('#');
        hex(number_seen);
    }
    digit(' ');
    faults = 0;
}

__attribute__((noinline)) static u32 load(u32 at)
{
    ACCESS(at, "ldr r2, [r0]");
    return 0;
}
__attribute__((noinline)) static u32 store(u32 at)
{
    ACCESS(at, "str r2, [r0]");
    return 0;
}
__attribute__((noinline)) static u32 jump(u32 at)
{
    ACCESS(at, "adds r0, #1\n blx r0");
    return 0;
}

static void set(u32 region, u32 base, u32 rest)
{
    MPU_RNR = region;
    MPU_RBAR = base;
    MPU_RASR = rest;
}

#ifdef V8
#define REGION(n, from, to, ap, xn) set(n, (from) | (ap) << 1 | (xn), ((to) & ~31u) | 1)
#endif

static void clear(void)
{
    MPU_CTRL = 0;
    for (u32 i = 0; i < 8; i++)
        set(i, 0, 0);
}

void run(void)
{
    u32 at = (u32)memory;
    handlers[3] = handlers[4] = on_fault;
#ifdef MAINLINE
    SHCSR = 0x10000;
#endif
    show("MPU_TYPE", MPU_TYPE);
    for (u32 r = 0; r < 10; r++) {
        MPU_RNR = r;
        show("RNR", MPU_RNR);
    }
#ifdef V8
    // the code and the stacks: everything below memory and behind
    clear();
    MPU_CTRL = 5;
    BARRIER();
    say("= background only, unprivileged code is at the stack");
    for (u32 ap = 0; ap < 4; ap++) {
        clear();
        REGION(0, 0, at - 32, 1, 0);
        REGION(1, at + 0x4000, 0x3fffffe0, 1, 0);
        REGION(2, at + 0x100, at + 0x1e0, ap, 0);
        REGION(3, at + 0x1000, at + 0x1fe0, ap, 1);
        MPU_CTRL = 5;
        BARRIER();
        show("= access permissions", ap);
        MPU_CTRL = 5;
        load(at + 0x100);
        result('r');
        store(at + 0x100);
        result('w');
        on_stack(load, at + 0x100, stack + 256, 3);
        result('R');
        on_stack(store, at + 0x11c, stack + 256, 3);
        result('W');
        load(at + 0x1ffc);
        result('r');
        on_stack(load, at + 0xfc, stack + 256, 3);
        result('b');
        load(at + 0xfc);
        result('b');
        jump(at + 0x1000);
        result('x');
        put("\n");
    }
    say("= overlap");
    clear();
    REGION(0, 0, at - 32, 1, 0);
    REGION(1, at + 0x4000, 0x3fffffe0, 1, 0);
    REGION(2, at, at + 0x1e0, 1, 0);
    REGION(3, at + 0x100, at + 0x2e0, 1, 0);
    MPU_CTRL = 5;
    BARRIER();
    for (u32 o = 0; o < 0x400; o += 0x80) {
        load(at + o);
        result('r');
        on_stack(load, at + o, stack + 256, 3);
        result('R');
    }
    put("\n");
    MPU_CTRL = 0;
    show("RBAR", MPU_RBAR - at);
    MPU_RNR = 5;
    REG(0xe000eda4) = 0x12345670;
    REG(0xe000eda8) = 0xfedcba91;
    MPU_RNR = 5;
    show("A1 is region 5: RBAR", MPU_RBAR);
    show("RLAR", MPU_RASR);
    REG(0xe000edc0) = 0x12345678;
    show("MAIR0", REG(0xe000edc0));
#else
#define SIZE(bits) (((bits) - 1) << 1 | 1)
    for (u32 ap = 0; ap < 8; ap++) {
        if (ap == 4)
            continue;
        clear();
        set(0, 0, 3 << 24 | SIZE(30));               // everything below 0x40000000
        set(1, at, ap << 24 | SIZE(9));              // 512 bytes
        set(2, at + 0x200, ap << 24 | 0xa5 << 8 | SIZE(9));  // and 512 of which four parts count
        set(3, at + 0x1000, ap << 24 | 1 << 28 | SIZE(12));
        MPU_CTRL = 1;
        BARRIER();
        show("= access permissions", ap);
        for (u32 o = 0; o < 0x400; o += 0x40) {
            hex(o);
            digit(' ');
            load(at + o);
            result('r');
            store(at + o + 0x3c);
            result('w');
            on_stack(load, at + o + 0x3c, stack + 256, 3);
            result('R');
            on_stack(store, at + o, stack + 256, 3);
            result('W');
            put("\n");
        }
        load(at + 0x1ffc);
        result('r');
        jump(at + 0x1000);
        result('x');
#ifdef MAINLINE
        load(at - 2);
        result('s');
        load(at + 0x3fe);
        result('s');
#endif
        put("\n");
    }
    say("= no background");
    clear();
    set(0, 0, 3 << 24 | SIZE(30));
    MPU_CTRL = 1;
    BARRIER();
    ACCESS(0x40000000, "ldr r2, [r0]");
    result('n');
    MPU_CTRL = 5;
    BARRIER();
    say("");
    set(1, at, 0 << 24 | SIZE(13));
    MPU_CTRL = 5;
    BARRIER();
    load(at);
    result('r');
#ifdef MAINLINE
    MSR(faultmask, 1);
    load(at);
    result('f');
    MSR(faultmask, 0);
    put("\n");
#endif
    clear();
    say("= registers");
    MPU_RBAR = 0x20000e35;
    show("RNR", MPU_RNR);
    show("RBAR", MPU_RBAR);
    MPU_RASR = 0xffffffff;
    show("RASR", MPU_RASR);
    MPU_RASR = 0;
    REG(0xe000eda4) = 0x20001016;
    show("RNR", MPU_RNR);
    MPU_CTRL = 0;
    MPU_CTRL = 0xfffffffc;
    show("CTRL", MPU_CTRL);
    MPU_CTRL = 0;
#endif
    say("done");
}
