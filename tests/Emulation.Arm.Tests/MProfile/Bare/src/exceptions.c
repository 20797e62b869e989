// Stacking, EXC_RETURN, thread and handler stacks, nesting.
#include "kit.h"

static u32 process_stack[128] __attribute__((aligned(8)));
static frame seen;
static u32 seen_return, seen_number, seen_at, seen_control;

static void note(frame *f, u32 exc_return, u32 number)
{
    seen = *f;
    seen_return = exc_return;
    seen_number = number;
    seen_at = (u32)f;
    seen_control = MRS(control);
    f->r0 = 0x600d0000 | number;
}

static u32 after;
static void report(const char *name, u32 stack)
{
    say(name);
    show("  r0 after", after);
    show("  exception", seen_number);
    show("  EXC_RETURN", seen_return);
    show_frame("  frame", &seen);
    show("  frame below stack", stack - seen_at);
    show("  CONTROL in handler", seen_control);
}

static u32 call_with(u32 displacement)
{
    u32 result, stack;
    __asm__ volatile(
        "mov r4, sp\n"
        "mov r5, sp\n"
        "subs r5, %2\n"
        "mov sp, r5\n"
        "ldr r0, =0x10203040\n"
        "ldr r1, =0x11213141\n"
        "ldr r2, =0x12223242\n"
        "ldr r3, =0x13233343\n"
        "ldr r6, =0x1c2c3c4c\n"
        "mov r12, r6\n"
        "ldr r6, =0x1e2e3e4e\n"
        "mov lr, r6\n"
        "cmp r0, r1\n"
        "svc 0x5a\n"
        "mov %1, sp\n"
        "mov sp, r4\n"
        "mov %0, r0\n"
        : "=&h"(result), "=&h"(stack)
        : "l"(displacement)
        : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r12", "lr", "cc", "memory");
    after = result;
    return stack;
}

static int depth;
static void nested_pendsv(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    show("  nested EXC_RETURN", exc_return);
    show("  nested number", number);
    show("  nested ICSR", ICSR & 0x1ff);
    depth++;
}

static void outer(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    show("  outer EXC_RETURN", exc_return);
    show("  outer number", number);
    SHPR(10) = 0;                        // PendSV above SVCall
#ifdef BASELINE
    SHPRW(2) = 0;
#endif
    ICSR = PENDSVSET;
    BARRIER();
    show("  outer continues with depth", depth);
}

void run(void)
{
    handlers[11] = note;
    handlers[14] = note;
    u32 stack = call_with(0);
    report("SVC on the main stack", stack);
    stack = call_with(4);
    report("SVC with a stack at 4 modulo 8", stack);
    stack = on_stack(call_with, 0, process_stack + 128, 2);
    report("SVC on the process stack", stack);
    stack = on_stack(call_with, 4, process_stack + 128, 2);
    report("SVC on the process stack at 4 modulo 8", stack);
#ifdef UNPRIVILEGED
    stack = on_stack(call_with, 0, process_stack + 128, 3);
    report("SVC unprivileged", stack);
#endif

    say("PendSV");
    ICSR = PENDSVSET;
    BARRIER();
    show("  exception", seen_number);
    show("  EXC_RETURN", seen_return);
    show("  xPSR", seen.xpsr & ~0xf8000000);

    say("PendSV preempts SVCall");
    SHPRW(1) = 0x80000000;
    handlers[11] = outer;
    handlers[14] = nested_pendsv;
    __asm__ volatile("svc 0" : : : "memory");
    show("depth", depth);
    show("IPSR in thread", MRS(ipsr));

#ifdef MAINLINE
    say("CCR and SHCSR");
    show("CCR", CCR);
    show("SHCSR", SHCSR);
#endif
}
