"""The signature of the submission set: IHE DSG with XAdES."""
