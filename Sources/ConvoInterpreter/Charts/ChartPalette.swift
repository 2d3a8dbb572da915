/// The colours of series, told apart by most eyes, on white and on black ground.
public enum ChartPalette {
  /// A colour of 8-bit levels.
  public typealias Color = (red: UInt8, green: UInt8, blue: UInt8)

  /// The colours in the order of the series; after the last comes the first again.
  private static let colors: [Color] = [
    (47, 107, 214), (232, 125, 44), (44, 160, 104), (208, 66, 88), (132, 94, 194), (23, 162, 184),
    (176, 134, 62), (120, 130, 145),
  ]

  /// The colour of a series.
  public static func color(_ series: Int) -> Color { colors[series % colors.count] }
}
