// What the bare-metal programs share: they say what they see, line by line, through semihosting.
#ifndef KIT_H
#define KIT_H
#include <stdint.h>

#if __ARM_ARCH == 6 || (defined(__ARM_ARCH_8M_BASE__))
#define BASELINE 1
#else
#define MAINLINE 1
#endif
#if __ARM_ARCH == 8
#define V8 1
#endif

typedef uint32_t u32;

typedef struct {
    u32 r0, r1, r2, r3, r12, lr, pc, xpsr;
} frame;

// what an exception handler gets: the frame, EXC_RETURN, the exception's number
typedef void (*handler)(frame *f, u32 exc_return, u32 number);

extern handler handlers[64];
extern u32 vectors[];

#define REG(a) (*(volatile u32 *)(a))
#define REG8(a) (*(volatile uint8_t *)(a))
#define ICSR REG(0xe000ed04)
#define VTOR REG(0xe000ed08)
#define AIRCR REG(0xe000ed0c)
#define SCR REG(0xe000ed10)
#define CCR REG(0xe000ed14)
#define SHPR(n) REG8(0xe000ed14 + (n))
#define SHPRW(n) REG(0xe000ed18 + 4 * (n))
#define SHCSR REG(0xe000ed24)
#define CFSR REG(0xe000ed28)
#define HFSR REG(0xe000ed2c)
#define MMFAR REG(0xe000ed34)
#define BFAR REG(0xe000ed38)
#define CPACR REG(0xe000ed88)
#define FPCCR REG(0xe000ef34)
#define FPCAR REG(0xe000ef38)
#define FPDSCR REG(0xe000ef3c)
#define NVIC_ISER(n) REG(0xe000e100 + 4 * (n))
#define NVIC_ICER(n) REG(0xe000e180 + 4 * (n))
#define NVIC_ISPR(n) REG(0xe000e200 + 4 * (n))
#define NVIC_ICPR(n) REG(0xe000e280 + 4 * (n))
#define NVIC_IABR(n) REG(0xe000e300 + 4 * (n))
#define NVIC_IPR(n) REG(0xe000e400 + 4 * (n))
#define MPU_TYPE REG(0xe000ed90)
#define MPU_CTRL REG(0xe000ed94)
#define MPU_RNR REG(0xe000ed98)
#define MPU_RBAR REG(0xe000ed9c)
#define MPU_RASR REG(0xe000eda0)

#define PENDSVSET (1u << 28)
#define PENDSTSET (1u << 26)

#define MRS(reg) ({ u32 v_; __asm__ volatile("mrs %0, " #reg : "=r"(v_)); v_; })
#define MSR(reg, value) __asm__ volatile("msr " #reg ", %0\n isb" : : "r"(value) : "memory")
#define BARRIER() __asm__ volatile("dsb\n isb" : : : "memory")

void put(const char *text);
void hex(u32 value);
// "name: value" as a line
void show(const char *name, u32 value);
// "name" as a line
void say(const char *name);
// 0-9, the number of a handler, without a line's end
void digit(char c);
void quit(void);
// sets the priority of an external interrupt
void priority(u32 irq, u32 value);
// goes on behind the instruction that faulted
void skip(frame *f);
// a frame as one line, its addresses relative to the program
void show_frame(const char *name, frame *f);
// a pseudo-random number
u32 next_random(void);
// calls a function on the process stack with a value of CONTROL, and comes back privileged and on the main stack
u32 on_stack(u32 (*function)(u32), u32 argument, void *stack, u32 control);
// faults that a program makes on purpose: prints its status registers and goes on behind it
void report_fault(frame *f, u32 exc_return, u32 number);
void run(void);

#endif
