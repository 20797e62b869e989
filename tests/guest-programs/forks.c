// Processes: fork and wait, and every few times the child executes this program again.
#include "bench.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Forks = 30, ExecEvery = 3, Pages = 64 };

static uint8_t s_pages[Pages * 4096];

static uint64_t unit(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < Forks; i++) {
        pid_t child = fork();
        if (child < 0) abort();
        if (child == 0) {
            // writing to the shared pages makes the kernel copy them
            for (int page = 0; page < Pages; page += 4)
                s_pages[page * 4096] = (uint8_t)i;
            if (i % ExecEvery == 0) {
                char code[8];
                snprintf(code, sizeof code, "%d", i + 1);
                execl("/proc/self/exe", "forks", "--exit", code, (char *)NULL);
                _exit(255);
            }
            _exit(i + 1);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) abort();
        sum = bench_mix(sum, (uint64_t)WEXITSTATUS(status) + s_pages[i * 4096]);
    }
    return sum;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--exit") == 0)
        return atoi(argv[2]);
    memset(s_pages, 1, sizeof s_pages);
    return bench_run("forks", unit, 10, UINT64_C(0x74eba9d097e6ed51), argc, argv);
}
