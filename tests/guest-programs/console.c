// Writing lines to the console, waiting at the end until the last has left.
#include "bench.h"
#include <termios.h>
#include <unistd.h>

enum { Lines = 1000 };

static uint64_t unit(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < Lines; i++) {
        char line[32];
        int length = snprintf(line, sizeof line, "line %05d", i);
        for (int at = 0; at < length; at++)
            sum = sum * 31 + (uint8_t)line[at];
        puts(line);
    }
    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    return sum;
}

int main(int argc, char **argv)
{
    return bench_run("console", unit, 20, UINT64_C(0xd15fc5820a7f48b4), argc, argv);
}
