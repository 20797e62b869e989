using System.Globalization;
using System.Xml;

namespace Emulation.Debugging;

/// <summary>Writes Cobertura XML, version 4 of its DTD.</summary>
internal static class CoberturaWriter
{
    public static void Write(CoverageReport report, Stream stream)
    {
        using var xml = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true });
        xml.WriteStartDocument();
        xml.WriteDocType("coverage", null, "http://cobertura.sourceforge.net/xml/coverage-04.dtd", null);
        xml.WriteStartElement("coverage");
        Rates(xml, report.Lines, report.CoveredLines, report.BranchOutcomes, report.CoveredBranchOutcomes);
        Attribute(xml, "lines-covered", report.CoveredLines);
        Attribute(xml, "lines-valid", report.Lines);
        Attribute(xml, "branches-covered", report.CoveredBranchOutcomes);
        Attribute(xml, "branches-valid", report.BranchOutcomes);
        Attribute(xml, "complexity", 0);
        Attribute(xml, "timestamp", 0);                       // the same run gives the same file
        xml.WriteAttributeString("version", "1");
        xml.WriteStartElement("sources");
        xml.WriteElementString("source", ".");
        xml.WriteEndElement();
        xml.WriteStartElement("packages");
        foreach (IGrouping<string, FileCoverage> package in report.Files.GroupBy(static f => Directory(f.Path)))
            Package(xml, package.Key, [.. package]);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Package(XmlWriter xml, string name, FileCoverage[] files)
    {
        xml.WriteStartElement("package");
        xml.WriteAttributeString("name", name);
        LineCoverage[] lines = [.. files.SelectMany(static f => f.Lines.Values)];
        Rates(xml, lines);
        Attribute(xml, "complexity", 0);
        xml.WriteStartElement("classes");
        foreach (FileCoverage file in files)
            Class(xml, file);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Class(XmlWriter xml, FileCoverage file)
    {
        xml.WriteStartElement("class");
        xml.WriteAttributeString("name", Path.GetFileName(file.Path));
        xml.WriteAttributeString("filename", file.Path);
        Rates(xml, [.. file.Lines.Values]);
        Attribute(xml, "complexity", 0);
        xml.WriteStartElement("methods");
        foreach ((string name, FunctionCoverage function) in file.Functions)
        {
            xml.WriteStartElement("method");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("signature", "");
            xml.WriteAttributeString("line-rate", function.Calls > 0 ? "1" : "0");
            xml.WriteAttributeString("branch-rate", "1");
            Attribute(xml, "complexity", 0);
            xml.WriteStartElement("lines");
            Line(xml, function.Line, new LineCoverage(function.Calls, LineCoverage.None.Branches));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteStartElement("lines");
        foreach ((int number, LineCoverage line) in file.Lines)
            Line(xml, number, line);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Line(XmlWriter xml, int number, LineCoverage line)
    {
        xml.WriteStartElement("line");
        Attribute(xml, "number", number);
        xml.WriteAttributeString("hits", line.Hits.ToString(CultureInfo.InvariantCulture));
        bool any = line.Branches.Count > 0;
        xml.WriteAttributeString("branch", any ? "true" : "false");
        if (any)
        {
            int covered = line.Branches.Values.Sum(static b => b.Covered), all = 2 * line.Branches.Count;
            xml.WriteAttributeString("condition-coverage", $"{100 * covered / all}% ({covered}/{all})");
            xml.WriteStartElement("conditions");
            int index = 0;
            foreach (BranchCoverage branch in line.Branches.Values)
            {
                xml.WriteStartElement("condition");
                Attribute(xml, "number", index++);
                xml.WriteAttributeString("type", "jump");
                xml.WriteAttributeString("coverage", $"{50 * branch.Covered}%");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Rates(XmlWriter xml, LineCoverage[] lines)
        => Rates(xml, lines.Length, lines.Count(static l => l.Hits > 0), lines.Sum(static l => 2 * l.Branches.Count), lines.Sum(static l => l.Branches.Values.Sum(static b => b.Covered)));

    private static void Rates(XmlWriter xml, int lines, int covered, int outcomes, int gone)
    {
        xml.WriteAttributeString("line-rate", Rate(covered, lines));
        xml.WriteAttributeString("branch-rate", Rate(gone, outcomes));
    }

    private static string Rate(int part, int whole) => whole == 0 ? "1" : ((double)part / whole).ToString("0.####", CultureInfo.InvariantCulture);

    private static void Attribute(XmlWriter xml, string name, int value) => xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    private static string Directory(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : ".";
}
