using System.Text;

namespace Emulation.Debugging.Tests;

[TestFixture]
public sealed class SvdTests
{
    private const string Text = """
        <device><name>CHIP</name><size>32</size><peripherals>
        <peripheral><name>USART2</name><baseAddress>0x40004400</baseAddress><addressBlock><offset>0</offset><size>0x400</size></addressBlock>
          <registers><register><name>SR</name><addressOffset>0</addressOffset></register><register><name>DR</name><addressOffset>4</addressOffset></register>
          <register><dim>3</dim><dimIncrement>4</dimIncrement><dimIndex>A,B,C</dimIndex><name>X%s</name><addressOffset>0x10</addressOffset></register>
          <cluster><dim>2</dim><dimIncrement>0x10</dimIncrement><name>CH%s</name><addressOffset>0x40</addressOffset><register><name>CR</name><addressOffset>8</addressOffset><size>16</size></register></cluster>
          <register derivedFrom="DR"><name>DR2</name><addressOffset>0x80</addressOffset></register>
          <register><dim>3</dim><dimIncrement>0x4</dimIncrement><dimIndex>4-6</dimIndex><name>Y[%s]</name><addressOffset>0b1001x000</addressOffset></register>
          <register><dim>2</dim><dimIncrement>4</dimIncrement><dimIndex>P-Q</dimIndex><name>Z%s</name><addressOffset>+0xa0</addressOffset></register>
          <cluster derivedFrom="CH%s"><dim>1</dim><name>LAST%s</name><addressOffset>0xc0</addressOffset></cluster>
          </registers></peripheral>
        <peripheral><name>BIG</name><baseAddress>1m</baseAddress><addressBlock><offset>0</offset><size>1k</size></addressBlock></peripheral>
        <peripheral derivedFrom="USART2"><name>USART3</name><baseAddress>0x40004800</baseAddress></peripheral>
        </peripherals></device>
        """;

    [TestCase(0x4000_4400ul, "USART2.SR")]
    [TestCase(0x4000_4406ul, "USART2.DR")]
    [TestCase(0x4000_4414ul, "USART2.XB")]
    [TestCase(0x4000_4458ul, "USART2.CH1.CR")]
    [TestCase(0x4000_4804ul, "USART3.DR")]
    [TestCase(0x4000_45fcul, "USART2.0x1fc")]
    [TestCase(0x4000_4480ul, "USART2.DR2")]
    [TestCase(0x4000_4494ul, "USART2.Y[5]")]
    [TestCase(0x4000_44a4ul, "USART2.ZQ")]
    [TestCase(0x4000_44c8ul, "USART2.LAST0.CR")]
    [TestCase(0x0010_03fful, "BIG.0x3ff")]
    [TestCase(0x4000_5000ul, null)]
    public void Addresses_have_names(ulong address, string? name)
        => SvdDevice.Read(new MemoryStream(Encoding.UTF8.GetBytes(Text))).NameOf(address).Should().Be(name);

    [TestCase("<device>")]
    [TestCase("<device/>")]
    [TestCase("<!DOCTYPE a [<!ENTITY b \"c\">]><device><peripherals>&b;</peripherals></device>")]
    [TestCase("<device><peripherals><peripheral><name>A</name><baseAddress>zero</baseAddress></peripheral></peripherals></device>")]
    [TestCase("<device><peripherals><peripheral><name>A</name><baseAddress>0</baseAddress><registers><register><dim>0xffffffff</dim><name>R</name></register></registers></peripheral></peripherals></device>")]
    public void Damaged_files_are_named(string text)
        => ((Action)(() => SvdDevice.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.svd"))).Should().Throw<FirmwareFormatException>().WithMessage("'a.svd' *");
}
