"""Words that people choose first. A password that is one of them, however decorated with digits and signs, is guessed at once."""

_IN_ONE_PIECE = """
password passwort passw0rd pass admin administrator root guest user login logon welcome letmein master secret access
test testing demo sample default changeme temp temporary public private system server computer internet network
qwerty qwertyuiop qwert asdfgh asdfghjkl asdf zxcvbn zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc poiuytrewq lkjhgfdsa
abcdef abcdefg abcdefgh abc abcd abcde iloveyou loveyou lovely love princess sunshine monkey dragon shadow superman
batman football baseball soccer basketball hockey tennis starwars pokemon pikachu michael jordan jessica ashley
daniel andrew joshua matthew charlie thomas robert anthony william george jennifer michelle nicole hunter killer
summer winter spring autumn january february march april june july august september october november december
monday tuesday wednesday thursday friday saturday sunday freedom whatever trustno hello google facebook twitter
samsung apple iphone android windows microsoft linux cheese coffee banana orange chocolate flower butterfly purple
diamond silver golden money lucky happy smile family mother father friend friends angel heaven jesus phoenix
sakura hanako taro tarou ichiro yamada suzuki tanaka sato satou takahashi watanabe kobayashi nakamura
nippon nihon japan tokyo osaka kyoto yokohama nagoya fukuoka hokkaido sapporo tachikawa mitaka hino
fujisan ninja samurai doraemon naruto anpanman totoro gundam arashi momiji himawari tanpopo yuki haruka akiko
yakusho shiyakusho madoguchi cityhall kaigishitsu aisuru daisuki arigatou konnichiwa ohayou sayonara
パスワード ぱすわーど まどぐち しやくしょ
"""

WORDS = frozenset(_IN_ONE_PIECE.split())
"""The core of a password: what is left when digits and signs around it are taken away and 0, 1, 3, 5, @, $ read as letters."""
