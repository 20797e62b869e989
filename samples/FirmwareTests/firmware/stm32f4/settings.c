/*
 * Settings that survive a power cut at any moment. Two sectors of flash take turns as a journal: each save adds a record behind the last one, and its check word is
 * written last. A record without its check word is none. A full sector is left for the other, which is erased first; until the new record is complete, the old sector has the last.
 */
#include "app.h"
#include "stm32f4.h"

#define SECTOR_SIZE 0x4000u
#define RECORDS 4                                 /* few of them, so that tests get to an erase soon */
#define BLANK 0xffffffffu

struct record {
    uint32_t sequence;
    struct settings settings;
    uint32_t check;
};
#define WORDS (sizeof(struct record) / 4)

struct settings settings;
static const struct record *latest;

static const struct record *sector(uint32_t index) { return (const struct record *)(0x08004000 + index * SECTOR_SIZE); }

static uint32_t check_of(const struct record *record)
{
    const uint32_t *words = (const uint32_t *)record;
    uint32_t sum = 0x811c9dc5;
    for (uint32_t i = 0; i < WORDS - 1; i++)
        sum = (sum ^ words[i]) * 16777619;
    return sum == BLANK ? 0 : sum;
}

static bool is_blank(const struct record *record)
{
    const uint32_t *words = (const uint32_t *)record;
    for (uint32_t i = 0; i < WORDS; i++) {
        if (words[i] != BLANK)
            return false;
    }
    return true;
}

void settings_load(void)
{
    latest = 0;
    for (uint32_t s = 0; s < 2; s++) {
        for (const struct record *r = sector(s); r < sector(s) + RECORDS; r++) {
            if (!is_blank(r) && r->check == check_of(r) && (!latest || (int32_t)(r->sequence - latest->sequence) > 0))
                latest = r;
        }
    }
    if (latest)
        settings = latest->settings;
    else
        settings = (struct settings){ .limit = 30 };
}

static void finish(void)
{
    while (FLASH_SR & FLASH_SR_BSY)
        ;
}

static void erase(uint32_t index)
{
    FLASH_CR = FLASH_CR_PSIZE_WORD | FLASH_CR_SER | FLASH_CR_SNB(1 + index);
    FLASH_CR |= FLASH_CR_STRT;
    finish();
}

static void program(const struct record *to, const struct record *from)
{
    FLASH_CR = FLASH_CR_PSIZE_WORD | FLASH_CR_PG;
    for (uint32_t i = 0; i < WORDS; i++) {
        ((volatile uint32_t *)to)[i] = ((const uint32_t *)from)[i];
        finish();
    }
}

void settings_save(void)
{
    struct record record = { latest ? latest->sequence + 1 : 1, settings, 0 };
    record.check = check_of(&record);
    FLASH_KEYR = 0x45670123;
    FLASH_KEYR = 0xcdef89ab;
    uint32_t current = latest >= sector(1) ? 1 : 0;
    const struct record *free = latest ? latest + 1 : sector(0);
    while (free < sector(current) + RECORDS && !is_blank(free))
        free++;
    if (free >= sector(current) + RECORDS) {
        erase(current ^ 1);
        free = sector(current ^ 1);
    }
    program(free, &record);
    FLASH_CR = FLASH_CR_LOCK;
    latest = free;
}
