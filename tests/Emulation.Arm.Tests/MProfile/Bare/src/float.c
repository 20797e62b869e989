// Floating-point state of exceptions: frames, FPCA, lazy preservation, FPDSCR, access that is denied.
#include "kit.h"

static u32 stack[512] __attribute__((aligned(8)));
static u32 frame_words[32], seen_return, seen_fpccr, seen_fpcar, seen_at, touch, seen_control, seen_control2, seen_fpscr, seen_s0;

static void note(frame *f, u32 exc_return, u32 number)
{
    (void)number;
    seen_at = (u32)f;
    seen_return = exc_return;
    seen_control = MRS(control);
    seen_fpccr = FPCCR;
    seen_fpcar = FPCAR;
    u32 *w = (u32 *)f;
    for (int i = 0; i < 8 + 18; i++)
        frame_words[i] = w[i];
    if (touch) {
        __asm__ volatile("vmrs %0, fpscr\n vmov s0, %0\n vmov s15, %0" : "=r"(seen_fpscr));
        seen_control2 = MRS(control);
        for (int i = 0; i < 8 + 18; i++)
            frame_words[i] = w[i];
        u32 fpccr = FPCCR;
        seen_s0 = fpccr;
    }
}

static u32 use(u32 with)
{
    u32 sp;
    for (int i = 0; i < 32; i++)
        stack[i] = 0xdead0000 | i;
    if (with)
        __asm__ volatile(
            "ldr r0, =0x3f800000\n vmov s0, r0\n vmov s1, r0\n vadd.f32 s2, s0, s1\n vmul.f32 s15, s2, s2\n vneg.f32 s31, s15\n"
            "ldr r0, =0x00400010\n vmsr fpscr, r0\n" : : : "r0");
    __asm__ volatile("mov %0, sp\n svc 0\n" : "=r"(sp) : : "memory");
    return sp;
}

static void report(const char *name, u32 sp)
{
    say(name);
    show("  EXC_RETURN", seen_return);
    show("  frame below stack", sp - seen_at);
    show("  FPCCR", seen_fpccr & ~0x7fu);
    show("  FPCAR - frame", seen_fpcar ? seen_fpcar - seen_at : 0);
    show("  CONTROL in handler", seen_control);
    if (touch) {
        show("  CONTROL after use", seen_control2);
        show("  FPSCR of handler", seen_fpscr);
        show("  FPCCR after use", seen_s0 & ~0x7fu);
    }
    put("  ");
    for (int i = 8; i < 26; i++) {
        u32 v = frame_words[i];
        if (seen_return & 0x10)
            v = 0;
        hex(v);
        digit(i == 25 ? '\n' : ' ');
    }
    u32 s0, s15, s31, fpscr;
    __asm__ volatile("vmov %0, s0\n vmov %1, s15\n vmov %2, s31\n vmrs %3, fpscr" : "=r"(s0), "=r"(s15), "=r"(s31), "=r"(fpscr));
    show("  s0", s0);
    show("  s15", s15);
    show("  s31", s31);
    show("  fpscr", fpscr);
    show("  CONTROL in thread", MRS(control));
}

u32 resume;
static void denied(frame *f, u32 exc_return, u32 number)
{
    show("  exception", number);
    show("  EXC_RETURN", exc_return);
    show("  CFSR", CFSR);
    CFSR = 0xffffffff;
    f->pc = resume;
}

void run(void)
{
    handlers[11] = note;
    handlers[6] = denied;
    handlers[3] = denied;
    SHCSR = 0x70000;
    show("CPACR", CPACR);
    show("FPCCR", FPCCR);
    show("FPDSCR", FPDSCR);
    say("denied");
    __asm__ volatile("adr r5, 1f\n adds r5, #1\n str r5, [%0]\n vmov s0, r0\n .balign 4\n 1:" : : "l"(&resume) : "r5", "memory");
    show("  CONTROL", MRS(control));
    CPACR = 0x00f00000;
    BARRIER();
    show("CPACR", CPACR);
    for (u32 control = 0; control < 4; control++) {
        FPCCR = control << 30;
        FPDSCR = 0x02000000;
        show("= ASPEN and LSPEN", FPCCR & 0xc0000000);
        MSR(control, 0);
        for (touch = 0; touch < 2; touch++) {
            MSR(control, 0);
            u32 sp = use(0);
            report("no floating point", sp);
            MSR(control, 0);
            sp = use(1);
            report("floating point", sp);
            MSR(control, 0);
            sp = on_stack(use, 1, stack + 512, 2);
            report("floating point on the process stack", sp);
        }
    }
    say("registers");
    FPCCR = 0xffffffff & ~1u;
    show("FPCCR", FPCCR & 0xc0000000);
    FPCAR = 0xffffffff;
    show("FPCAR", FPCAR);
    FPCCR = 0;
}
