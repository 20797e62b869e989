namespace Emulation.RiscV.Tests.Privileged;

public sealed class CacheBlockTests
{
    [Test]
    public void Zeroing_clears_the_block_that_holds_the_address_and_nothing_else()
    {
        using var hart = new TestHart();
        byte[] ones = new byte[256];
        Array.Fill(ones, (byte)1);
        hart.Memory.TryWrite(TestHart.RamBase, ones).Should().BeTrue();
        hart.Cpu.ZeroCacheBlock(TestHart.RamBase + 64 + 13);
        hart.TakeFault().Should().BeNull();
        byte[] after = new byte[256];
        hart.Memory.TryRead(TestHart.RamBase, after).Should().BeTrue();
        after.AsSpan(0, 64).ContainsAnyExcept((byte)1).Should().BeFalse();
        after.AsSpan(64, 64).ContainsAnyExcept((byte)0).Should().BeFalse();
        after.AsSpan(128).ContainsAnyExcept((byte)1).Should().BeFalse();
    }

    [Test]
    public void Zeroing_a_page_with_translated_code_reports_it()
    {
        using var hart = new TestHart();
        int reports = 0;
        hart.Ram.CodeModified += (_, _, _) => reports++;
        hart.Ram.MarkCode(0);
        hart.Cpu.ZeroCacheBlock(TestHart.RamBase);
        hart.TakeFault().Should().BeNull();
        reports.Should().BePositive();
    }

    [Test]
    public void Faults_are_those_of_a_store_at_the_given_address()
    {
        using var hart = new TestHart();
        hart.Cpu.ZeroCacheBlock(0x1234_5678);
        hart.TakeFault().Should().Be((Cause.StoreAccess, 0x1234_5678UL));
        hart.Cpu.CheckCacheBlock(0x1234_5678).Should().BeFalse();
        hart.TakeFault().Should().Be((Cause.StoreAccess, 0x1234_5678UL));
        hart[0x180] = 0x8000_0000_0008_0000;
        hart[0x3b0] = ulong.MaxValue;
        hart[0x3a0] = 0x1f;
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Cpu.CheckCacheBlock(0x1234_5678).Should().BeFalse();
        hart.TakeFault().Should().Be((Cause.StorePage, 0x1234_5678UL));
        hart.Cpu.ZeroCacheBlock(0x1234_5678);
        hart.TakeFault().Should().Be((Cause.StorePage, 0x1234_5678UL));
    }

    [Test]
    public void A_read_only_page_can_be_managed_but_not_zeroed()
    {
        using var hart = new TestHart();
        hart[0x3b0] = ulong.MaxValue;
        hart[0x3a0] = 0x19;
        hart.Enter(PrivilegeLevel.User);
        hart.Cpu.CheckCacheBlock(TestHart.RamBase + 5).Should().BeTrue();
        hart.Cpu.ZeroCacheBlock(TestHart.RamBase + 5);
        hart.TakeFault().Should().Be((Cause.StoreAccess, TestHart.RamBase + 5));
    }
}
