// Each cause of a fault: the status registers, which exception it becomes, what is stacked, escalation.
#include "kit.h"

static struct { u32 resume, base; } where;

static void on_fault(frame *f, u32 exc_return, u32 number)
{
    show("  pc", f->pc - where.base);
    report_fault(f, exc_return, number);
    f->pc = where.resume;
    f->xpsr = (f->xpsr & ~0x0600fc00u) | 0x01000000;
    if (exc_return & 8)
        f->xpsr &= ~0x1ffu;
}

// runs one instruction with r0 and r1 as given; a fault goes on behind it
#define ATTEMPT(name, a, b, ...)        \
    do {                                \
        say(name);                      \
        QUIETLY(a, b, __VA_ARGS__);     \
    } while (0)

#define QUIETLY(a, b, ...)                                                                                                     \
    __asm__ volatile(                                                                                                          \
        "adr r5, 1f\n adds r5, #1\n str r5, [%2]\n adr r5, 2f\n str r5, [%2, #4]\n mov r0, %0\n mov r1, %1\n b 2f\n .balign 4\n 2:\n" \
        __VA_ARGS__ "\n .balign 4\n 1:\n"                                                                                      \
        : : "r"(a), "r"(b), "l"(&where) : "r0", "r1", "r2", "r3", "r5", "r12", "lr", "cc", "memory")

static void everything(void)
{
    ATTEMPT("undefined instruction", 0, 0, "udf #0x12");
    ATTEMPT("undefined, 32 bits", 0, 0, ".inst.w 0xf7f1a234");
    ATTEMPT("load from nowhere", 0x60000000, 0, "ldr r2, [r0]");
    ATTEMPT("store to nowhere", 0x60000010, 0, "str r2, [r0]");
    ATTEMPT("byte from nowhere", 0x60000013, 0, "ldrb r2, [r0]");
    ATTEMPT("branch to a state that is not Thumb", 0x1000, 0, "bx r0");
#ifdef MAINLINE                          // QEMU 7.2 lets Armv6-M without an MPU execute everything
    ATTEMPT("execution of memory that is never executed", 0x40000001, 0, "bx r0");
    ATTEMPT("execution of the system region", 0xe0000001, 0, "bx r0");
#endif
    ATTEMPT("branch to nowhere", 0x60000001, 0, "bx r0");
    ATTEMPT("load from nowhere, two registers", 0x60000020, 0, "ldmia r0!, {r2, r3}");
#ifdef MAINLINE
    ATTEMPT("unaligned, allowed", 0x20000101, 0, "ldr r2, [r0]");
    ATTEMPT("unaligned LDM", 0x20000101, 0, "ldmia r0, {r2, r3}");
    ATTEMPT("unaligned LDRD", 0x20000102, 0, "ldrd r2, r3, [r0]");
    ATTEMPT("unaligned LDREX", 0x20000102, 0, "ldrex r2, [r0]");
    ATTEMPT("division by zero, allowed", 1, 0, "udiv r2, r0, r1");
    CCR |= 0x18;
    ATTEMPT("unaligned, trapped", 0x20000101, 0, "ldr r2, [r0]");
    ATTEMPT("unaligned halfword, trapped", 0x20000101, 0, "strh r2, [r0]");
    ATTEMPT("division by zero, trapped", 1, 0, "udiv r2, r0, r1");
    ATTEMPT("signed division by zero, trapped", 1, 0, "sdiv r2, r0, r1");
    CCR &= ~0x18u;
    ATTEMPT("coprocessor that is not there", 0, 0, "mrc p7, 0, r2, c0, c0, 0");
    ATTEMPT("undefined in an IT block", 0, 0, "cmp r0, r0\n itte eq\n moveq r2, #1\n udfeq #1\n movne r2, #2");
    ATTEMPT("POP with a state that is not Thumb", 0, 0, "movs r2, #0\n push {r2}\n pop {pc}");
#else
    ATTEMPT("unaligned", 0x20000101, 0, "ldr r2, [r0]");
    ATTEMPT("unaligned halfword", 0x20000101, 0, "strh r2, [r0]");
#endif
    ATTEMPT("breakpoint", 0, 0, "bkpt 0x12");
}

#ifdef MAINLINE
static u32 stack[64] __attribute__((aligned(8)));
static u32 system_load(u32 unused)
{
    QUIETLY(0xe000ed00, 0, "ldr r2, [r0]");
    return unused;
}

static u32 system_store(u32 unused)
{
    QUIETLY(0xe000e100, 0, "str r2, [r0]");
    return unused;
}

static u32 undefined(u32 unused)
{
    QUIETLY(0, 0, "udf #1");
    return unused;
}

static void inner(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    (void)exc_return;
    (void)number;
    ATTEMPT("undefined instruction in SVCall", 0, 0, "udf #3");
    ATTEMPT("SVC in SVCall", 0, 0, "svc 1");
}

static void masked(void)
{
    MSR(primask, 1);
    ATTEMPT("undefined instruction with PRIMASK", 0, 0, "udf #4");
    ATTEMPT("SVC with PRIMASK", 0, 0, "svc 1");
    MSR(primask, 0);
    MSR(basepri, 0x20);
    ATTEMPT("undefined instruction with BASEPRI", 0, 0, "udf #4");
    ATTEMPT("load from nowhere with BASEPRI", 0x60000000, 0, "ldr r2, [r0]");
    MSR(basepri, 0);
}

// what a handler returns to, and with what
static u32 wrong;
static void returns(frame *f, u32 exc_return, u32 number)
{
    (void)exc_return;
    (void)number;
    if (wrong == 1)
        f->xpsr &= ~0x01000000u;
    if (wrong == 2)
        f->xpsr |= 15;
    if (wrong == 3)
        f->pc = 0x40000000;
}
#endif

void run(void)
{
    handlers[3] = handlers[4] = handlers[5] = handlers[6] = on_fault;
    say("= faults disabled");
    everything();
#ifdef MAINLINE
    SHCSR = 0x70000;
    say("= faults enabled");
    everything();
    say("= unprivileged");
    say("load of the system control space");
    on_stack(system_load, 0, stack + 64, 3);
    say("store to NVIC");
    on_stack(system_store, 0, stack + 64, 3);
    say("undefined instruction");
    on_stack(undefined, 0, stack + 64, 3);
    say("= in handlers");
    handlers[11] = inner;
    SHPRW(1) = 0;
    SHPRW(0) = 0x40404040;
    __asm__ volatile("svc 0" : : : "memory");
    SHPRW(0) = 0;
    SHPRW(1) = 0x40000000;
    __asm__ volatile("svc 0" : : : "memory");
    say("= masked");
    SHPRW(0) = 0x40404040;
    SHPRW(1) = 0x40000000;
    masked();
    SHPRW(0) = 0;
    say("= wrong returns");
    handlers[11] = returns;
    for (wrong = 1; wrong <= 3; wrong++)
        ATTEMPT("SVC whose return is wrong", 0, 0, "nop\n svc 0");
#endif
}
