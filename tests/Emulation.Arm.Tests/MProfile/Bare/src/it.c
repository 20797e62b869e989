// IT blocks that an exception interrupts: ITSTATE is stacked, restored and leaves the rest of the block right.
#include "kit.h"

static u32 stacked[16], count;

static void note(frame *f, u32 exc_return, u32 number)
{
    (void)exc_return;
    (void)number;
    u32 x = f->xpsr;
    stacked[count++ & 15] = (x >> 8 & 0xfc) | (x >> 25 & 3);
    f->r1 += 0x100;
}

static void skip_it(frame *f, u32 exc_return, u32 number)
{
    note(f, exc_return, number);
    skip(f);
    // the next instruction of the block
    u32 it = (f->xpsr >> 8 & 0xfc) | (f->xpsr >> 25 & 3);
    it = (it & 7) ? (it & 0xe0) | (it << 1 & 0x1f) : 0;
    f->xpsr = (f->xpsr & ~0x0600fc00u) | (it & 0xfc) << 8 | (it & 3) << 25;
    CFSR = 0xffffffff;
}

static void block(const char *name, u32 a, u32 b, u32 result)
{
    (void)a;
    (void)b;
    show(name, result);
    for (u32 i = 0; i < count && i < 16; i++)
        show("  ITSTATE", stacked[i]);
    count = 0;
}

#define BLOCK(code, a, b)                                                                       \
    do {                                                                                        \
        u32 r;                                                                                  \
        __asm__ volatile("mov r0, %1\n mov r1, %2\n movs r2, #0\n cmp r0, r1\n movs r1, #0\n cmp r0, %2\n" code "\n add r2, r1\n mov %0, r2" \
                         : "=r"(r) : "r"(a), "r"(b) : "r0", "r1", "r2", "r3", "cc", "memory");  \
        block(code, a, b, r);                                                                   \
    } while (0)

void run(void)
{
    handlers[11] = note;
    handlers[6] = skip_it;
    SHCSR = 0x70000;
    for (u32 a = 0; a < 3; a++) {
        BLOCK("it eq\n svceq 0", a, 1);
        BLOCK("itt eq\n svceq 0\n addeq r2, #1", a, 1);
        BLOCK("ite eq\n addeq r2, #1\n svcne 0", a, 1);
        BLOCK("ittt ge\n addge r2, #1\n svcge 0\n addge r2, #2", a, 1);
        BLOCK("itete lt\n addlt r2, #1\n svcge 0\n svclt 0\n addge r2, #4", a, 1);
        BLOCK("itttt ne\n svcne 0\n svcne 1\n svcne 2\n svcne 3", a, 1);
        BLOCK("itete eq\n udfeq #0\n addne r2, #1\n addeq r2, #2\n udfne #1", a, 1);
        BLOCK("ittt eq\n addeq r2, #1\n udfeq.w #1\n addeq r2, #4", a, 1);
    }
    // a pended interrupt after each instruction
    handlers[14] = note;
    for (u32 a = 0; a < 2; a++) {
        u32 r;
        __asm__ volatile(
            "ldr r3, =0xe000ed04\n movs r1, #0\n mov r0, #0x10000000\n movs r2, #0\n cmp %1, #1\n"
            "itete eq\n streq r0, [r3]\n strne r0, [r3]\n addeq r2, #1\n addne r2, #2\n isb\n add r2, r1\n mov %0, r2"
            : "=r"(r) : "r"(a) : "r0", "r1", "r2", "r3", "cc", "memory");
        show("PendSV in a block", r & 0xff);
        count = 0;
    }
}
