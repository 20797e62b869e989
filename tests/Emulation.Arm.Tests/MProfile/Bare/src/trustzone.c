// TrustZone-M: attribution, TT, entry by SG, BXNS and BLXNS with FNC_RETURN, exceptions that cross, SecureFault causes, banked registers.
// Secure code is at 0x10000000, Secure data at 0x38200000, Non-secure code and data at 0x28000000.
#include "kit.h"

#define NS 0x28000000u
#define SAU_CTRL REG(0xe000edd0)
#define SAU_TYPE REG(0xe000edd4)
#define SAU_RNR REG(0xe000edd8)
#define SAU_RBAR REG(0xe000eddc)
#define SAU_RLAR REG(0xe000ede0)
#define SFSR REG(0xe000ede4)
#define SFAR REG(0xe000ede8)

extern u32 ns_start, ns_end, ns_vectors, veneers_start, veneers_end;
static struct { u32 resume, r0; } where;

static u32 tt(u32 at)
{
    u32 v;
    __asm__ volatile("tt %0, %1" : "=r"(v) : "r"(at));
    return v;
}
static u32 tta(u32 at)
{
    u32 v;
    __asm__ volatile("tta %0, %1" : "=r"(v) : "r"(at));
    return v;
}
static u32 ttt(u32 at)
{
    u32 v;
    __asm__ volatile("ttt %0, %1" : "=r"(v) : "r"(at));
    return v;
}
static u32 ttat(u32 at)
{
    u32 v;
    __asm__ volatile("ttat %0, %1" : "=r"(v) : "r"(at));
    return v;
}

static void answers(const char *name, u32 at)
{
    put(name);
    put(": ");
    hex(tt(at));
    digit(' ');
    hex(tta(at));
    digit(' ');
    hex(ttt(at));
    digit(' ');
    hex(ttat(at));
    put("\n");
}

static u32 ns_stub = NS + 0x700;
static void on_secure_fault(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    show("  exception", number);
    show("  EXC_RETURN", exc_return);
    u32 status = SFSR;
    show("  SFSR", status);
    if (status & 0x40)
        show("  SFAR", SFAR);
    SFSR = status;
    show("  SFSR after", SFSR);
    show("  CFSR", CFSR);
    show("  HFSR", HFSR);
    CFSR = 0xffffffff;
    HFSR = 0xffffffff;
    if (exc_return & 0x40) {
        f->pc = where.resume;
        f->xpsr = 0x01000000;
    } else {
        // it came from Non-secure code: leave it by its way back to Secure code
        f->pc = ns_stub;
        f->r0 = 0xdead;
        f->xpsr = 0x01000000;
    }
}

// what Non-secure code calls
__attribute__((naked, section(".veneers"))) void gate(void)
{
    __asm__ volatile("sg\n b.w gate_body\n");
}

static u32 gate_control, gate_lr;
__attribute__((used)) static u32 gate_work(u32 argument, u32 lr)
{
    gate_control = MRS(control);
    gate_lr = lr;
    return argument + 0x100;
}
__attribute__((naked, used)) void gate_body(void)
{
    __asm__ volatile("push {r4, lr}\n mov r1, lr\n bl gate_work\n pop {r4, lr}\n bxns lr\n");
}

__attribute__((naked, noinline)) static u32 call_ns(u32 at, u32 argument)
{
    (void)at;
    (void)argument;
    __asm__ volatile("push {r4-r11, lr}\n mov r4, r0\n bic r4, #1\n mov r0, r1\n blxns r4\n pop {r4-r11, pc}\n");
}

#define ATTEMPT(name, a, ...)                                                                                              \
    do {                                                                                                                   \
        say(name);                                                                                                         \
        __asm__ volatile("adr r5, 1f\n adds r5, #1\n str r5, [%1]\n mov r0, %0\n" __VA_ARGS__ "\n .balign 4\n 1:\n"          \
                         : : "r"(a), "l"(&where) : "r0", "r1", "r2", "r3", "r5", "r12", "lr", "cc", "memory");                \
    } while (0)

static u32 svc_return, svc_number;
static void on_svc(frame *f, u32 exc_return, u32 number)
{
    svc_return = exc_return;
    svc_number = number;
    f->r0 += 0x1000;
}

static u32 irq_return;
static void on_irq(frame *f, u32 exc_return, u32 number)
{
    (void)f;
    (void)number;
    irq_return = exc_return;
    REG(0xe000e010) = 0;
    REG(NS + 0x910) = 1;
}

static void region(u32 n, u32 from, u32 to, u32 flags)
{
    SAU_RNR = n;
    SAU_RBAR = from;
    SAU_RLAR = (to & ~31u) | flags;
}

void run(void)
{
    // let Non-secure accesses reach the board's memory, and the first region be Non-secure callable
    REG(0x50080014) = 1;
    REG(0x58008000) = 0x100;
    for (u32 i = 0; i <= REG(0x58008010); i++) {
        REG(0x58008018) = i;
        REG(0x5800801c) = 0xffffffff;
    }
    show("SAU_TYPE", SAU_TYPE);
    answers("TT of Secure code", 0x10000000);
    answers("TT of memory that is Secure without a SAU", NS);
    region(0, NS, NS + 0x1fffff, 1);
    region(1, (u32)&veneers_start, (u32)&veneers_end - 1, 3);
    region(2, 0x20000000, 0x2000ffff, 1);
    region(3, 0x20008000, 0x2001ffff, 1);
    SAU_CTRL = 1;
    BARRIER();
    SAU_RNR = 1;
    show("SAU_RLAR", SAU_RLAR & 31);
    answers("TT of Secure code", 0x10000000);
    answers("TT of the veneers", (u32)&veneers_start);
    answers("TT of Non-secure memory", NS);
    answers("TT of two regions", 0x20008000);
    answers("TT of one region", 0x20000000);
    answers("TT of Secure data", 0x38200000);
    answers("TT of peripherals", 0x40000000);
    answers("TT of the private bus", 0xe000e000);
    answers("TT of the private bus, elsewhere", 0xe0005000);
    answers("TT of the vendor's region", 0xf0000000);

    u32 *to = (u32 *)NS;
    for (u32 *from = &ns_start; from < &ns_end;)
        *to++ = *from++;
    REG(0xe002ed08) = NS;                            // VTOR_NS
    show("VTOR_NS", REG(0xe002ed08));
    __asm__ volatile("msr msp_ns, %0" : : "r"(NS + 0x10000));
    __asm__ volatile("msr psp_ns, %0" : : "r"(NS + 0x12000));
    show("MSP_NS", ({ u32 v; __asm__ volatile("mrs %0, msp_ns" : "=r"(v)); v; }));
    __asm__ volatile("msr control_ns, %0" : : "r"(3));
    show("CONTROL_NS", ({ u32 v; __asm__ volatile("mrs %0, control_ns" : "=r"(v)); v; }));
    __asm__ volatile("msr control_ns, %0" : : "r"(0));
    __asm__ volatile("msr primask_ns, %0" : : "r"(1));
    show("PRIMASK_NS", ({ u32 v; __asm__ volatile("mrs %0, primask_ns" : "=r"(v)); v; }));
    show("PRIMASK", MRS(primask));
    __asm__ volatile("msr primask_ns, %0" : : "r"(0));
    __asm__ volatile("msr psplim, %0" : : "r"(0x1237));
    show("PSPLIM", ({ u32 v; __asm__ volatile("mrs %0, psplim" : "=r"(v)); v; }));
    __asm__ volatile("msr psplim, %0" : : "r"(0));
    show("AIRCR", AIRCR);

    handlers[7] = on_secure_fault;
    handlers[3] = on_secure_fault;
    handlers[11] = on_svc;
    handlers[15] = on_irq;
    SHCSR = 0xf0000;
    show("SHCSR", SHCSR);
    say("call of Non-secure code");
    show("  returns", call_ns(NS + 0x100, 0x11));
    say("Non-secure code calls back through SG");
    show("  returns", call_ns(NS + 0x200, (u32)&gate | 1));
    show("  LR in Secure code & 1", gate_lr & 1);
    say("SVC of Non-secure code");
    show("  returns", call_ns(NS + 0x300, 0x22));
    say("SVC of Secure code");
    ATTEMPT("svc", 5, "svc 1");
    show("  EXC_RETURN", svc_return);
    say("Secure interrupt in Non-secure code");
    REG(0xe000e014) = 100000;
    REG(0xe000e018) = 0;
    REG(0xe000e010) = 7;
    show("  returns", call_ns(NS + 0x400, 0));
    show("  EXC_RETURN", irq_return);
    say("Non-secure interrupt in Secure code");
    REG(0xe000e380) = 1 << 6;                        // ITNS
    show("  ITNS", REG(0xe000e380));
    NVIC_ISER(0) = 1 << 6;
    NVIC_ISPR(0) = 1 << 6;
    BARRIER();
    show("  it saw EXC_RETURN", REG(NS + 0x900));
    show("  it saw r0 to r3", REG(NS + 0x904) | REG(NS + 0x908));

    ATTEMPT("Secure code branches to Non-secure code without BXNS", NS + 0x101, "bx r0");
    say("Non-secure code reads Secure data");
    show("  returns", call_ns(NS + 0x500, 0x38200000));
    ns_stub = NS + 0x800;
    say("Non-secure code jumps into Secure code");
    show("  returns", call_ns(NS + 0x600, 0x10000101));
    say("Non-secure code enters the veneers behind SG");
    show("  returns", call_ns(NS + 0x600, ((u32)&gate | 1) + 4));
    ns_stub = NS + 0x700;
    say("Non-secure code reads the private bus");
    show("  CPUID", call_ns(NS + 0x500, 0xe000ed00));
    show("  SAU_CTRL", call_ns(NS + 0x500, 0xe000edd0));
    show("  VTOR", call_ns(NS + 0x500, 0xe000ed08));
    show("  its alias for Secure code", call_ns(NS + 0x500, 0xe002ed08));
    show("  AIRCR", call_ns(NS + 0x500, 0xe000ed0c));
    show("  SHCSR", call_ns(NS + 0x500, 0xe000ed24));
    show("  ISER", call_ns(NS + 0x500, 0xe000e100));
    say("done");
}

// The Non-secure program, which is copied to NS. It has no relocations: each part stands alone at a fixed offset.
__asm__(
    ".section .nonsecure, \"ax\"\n"
    ".word 0x28010000\n"
    ".word 0x28000101\n"
    ".rept 9\n .word 0x28000a01\n .endr\n"
    ".word 0x28000b01\n"                             // SVCall
    ".rept 10\n .word 0x28000a01\n .endr\n"
    ".word 0x28000c01\n"                             // interrupt 6
    ".org 0x100\n adds r0, #1\n bx lr\n"
    ".org 0x200\n push {r4, lr}\n mov r4, r0\n movs r0, #0x33\n blx r4\n adds r0, #1\n pop {r4, pc}\n"
    ".org 0x300\n svc 0\n adds r0, #1\n bx lr\n"
    ".org 0x400\n movw r1, #0x0910\n movt r1, #0x2800\n 1: ldr r2, [r1]\n cmp r2, #0\n beq 1b\n movs r0, #0x77\n bx lr\n"
    ".org 0x500\n ldr r0, [r0]\n bx lr\n"
    ".org 0x600\n push {r4, lr}\n blx r0\n pop {r4, pc}\n"
    ".org 0x700\n bx lr\n"
    ".org 0x800\n pop {r4, pc}\n"
    ".org 0xa00\n b .\n"
    ".org 0xb00\n mrs r1, msp\n ldr r0, [r1]\n add r0, #0x2000\n str r0, [r1]\n bx lr\n"
    ".org 0xc00\n push {r4, lr}\n movw r4, #0x0900\n movt r4, #0x2800\n str lr, [r4]\n orr r0, r1\n str r0, [r4, #4]\n orr r2, r3\n str r2, [r4, #8]\n pop {r4, pc}\n"
    ".text\n");
