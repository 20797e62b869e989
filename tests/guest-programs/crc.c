// CRC-32 (polynomial 0xEDB88320): table-driven and bit by bit.
#include "bench.h"

enum { TableBytes = 256 * 1024, BitwiseBytes = 32 * 1024 };

static uint32_t s_table[256];
static uint8_t s_data[TableBytes];

static uint32_t step(uint32_t crc)
{
    for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    return crc;
}

static uint64_t unit(void)
{
    uint32_t table = ~0u, bitwise = ~0u;
    for (int i = 0; i < TableBytes; i++)
        table = (table >> 8) ^ s_table[(table ^ s_data[i]) & 0xFF];
    for (int i = 0; i < BitwiseBytes; i++)
        bitwise = step(bitwise ^ s_data[i]);
    return (uint64_t)~table << 32 | (uint32_t)~bitwise;
}

int main(int argc, char **argv)
{
    uint64_t random = 1;
    for (uint32_t i = 0; i < 256; i++)
        s_table[i] = step(i);
    for (int i = 0; i < TableBytes; i++)
        s_data[i] = (uint8_t)bench_random(&random);
    return bench_run("crc", unit, 250, UINT64_C(0xda7c8b547166b610), argc, argv);
}
